using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>What an interrupted run was doing to a resource.</summary>
public enum PendingKind
{
    Creating,
    Updating,
    Deleting,
    Reading,
    Importing,
}

/// <summary>A provider call that was begun and of which no end is recorded.</summary>
public sealed record PendingOperation(ResourceState Resource, PendingKind Kind);

/// <summary>
/// All states and pending operations of a stack at one consistent moment. Everything a state refers to stands before it; at most one
/// state of a URN is not marked <see cref="ResourceState.Delete"/>.
/// </summary>
public sealed record Snapshot
{
    public static readonly Snapshot Empty = new();

    public ImmutableArray<ResourceState> Resources { get; init; } = [];

    public ImmutableArray<PendingOperation> PendingOperations { get; init; } = [];

    /// <summary>Members of a foreign checkpoint's deployment that we have no use for (snippets, extensions, metadata); kept as they are.</summary>
    public ImmutableSortedDictionary<string, JsonElement> UnknownMembers
    {
        get => field ?? ImmutableSortedDictionary<string, JsonElement>.Empty;
        init => field = value.IsEmpty ? null : value;
    }
}
