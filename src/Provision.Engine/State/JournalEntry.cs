using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>
/// One ordered fact that turns a snapshot into the next. A begin is durable before a provider is called; what it led to is durable after.
/// </summary>
public abstract record JournalEntry
{
    private JournalEntry()
    {
    }

    /// <summary>A provider is about to be called.</summary>
    /// <param name="OperationId">Pairs it with its end; unique in one journal.</param>
    /// <param name="Kind">What is about to happen.</param>
    /// <param name="Resource">The state the call works towards or on.</param>
    public sealed record Begin(long OperationId, PendingKind Kind, ResourceState Resource) : JournalEntry;

    /// <summary>The call came back. A failed one may still have changed something.</summary>
    public sealed record End(long OperationId, ImmutableArray<StateChange> Changes) : JournalEntry;

    /// <summary>Changes without a provider call: sames, components, outputs, what a refresh saw.</summary>
    public sealed record Recorded(ImmutableArray<StateChange> Changes) : JournalEntry;

    /// <summary>A pending operation of an earlier run was looked into and is settled.</summary>
    public sealed record PendingSettled(Urn Urn, ImmutableArray<StateChange> Changes) : JournalEntry;
}

/// <summary>One change of the list of states.</summary>
public abstract record StateChange
{
    private StateChange()
    {
    }

    /// <summary>This is now the live state of its URN, in place of the live one before; <paramref name="Was"/> is the URN it had until now (an alias).</summary>
    public sealed record Put(ResourceState State, Urn? Was = null) : StateChange;

    /// <summary>The live state of the URN is replaced by another and awaits its deletion.</summary>
    public sealed record MarkDelete(Urn Urn) : StateChange;

    /// <summary>The live state of the URN was deleted and awaits its creation.</summary>
    public sealed record MarkPendingReplacement(Urn Urn) : StateChange;

    /// <summary>The state is dropped: the live one, or the one marked delete with that id.</summary>
    public sealed record Remove(Urn Urn, string Id, bool MarkedDelete) : StateChange;
}
