using System.Collections.Concurrent;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>What was seen of one recorded resource.</summary>
internal abstract record Observation
{
    private Observation()
    {
    }

    /// <param name="State">The recorded state with the outputs and id that were seen.</param>
    /// <param name="Changed">Whether that differs from what was recorded.</param>
    public sealed record Seen(ResourceState State, bool Changed) : Observation;

    public sealed record Gone : Observation
    {
        public static readonly Gone Value = new();
    }

    public sealed record Unreachable(ProviderException Failure) : Observation;
}

/// <summary>What an interrupted create left behind.</summary>
/// <param name="State">The state that was being worked towards, with the id and outputs that were found.</param>
/// <param name="Finished">False where the create was cut short.</param>
internal sealed record Leftover(ResourceState State, bool Finished);

/// <summary>What was seen so far in this run.</summary>
internal sealed class Reality
{
    public ConcurrentDictionary<Urn, Observation> Observations { get; } = new();

    /// <summary>By URN; taken out as they are adopted.</summary>
    public ConcurrentDictionary<Urn, Leftover> Leftovers { get; } = new();

    /// <summary>What was seen of the objects that goals ask to import.</summary>
    public ConcurrentDictionary<Urn, ReadResponse> Imports { get; } = new();

    /// <summary>Providers whose endpoint did not answer, with why.</summary>
    public ConcurrentDictionary<Urn, ProviderException> Unreachable { get; } = new();
}
