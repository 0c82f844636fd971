using System.Collections.Immutable;

namespace Provision.Cli.Topology;

/// <summary>What a box stands for.</summary>
internal enum TopologyKind
{
    Host,
    Hypervisor,
    Machine,
    Container,
    Network,
}

/// <summary>A box of the picture, with the boxes in it.</summary>
internal sealed record TopologyNode
{
    public required TopologyKind Kind { get; init; }

    /// <summary>Of equal siblings that are drawn as one, the range of their names.</summary>
    public required string Name { get; init; }

    /// <summary>For how many it stands.</summary>
    public int Count { get; init; } = 1;

    public Effect? Effect { get; init; }

    /// <summary>What it has beside what is drawn: "2 disks", "volume data".</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The networks it is on, by the names they are drawn with.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>Networks first, then the rest in the order declared.</summary>
    public ImmutableArray<TopologyNode> Children { get; init; } = [];

    /// <summary>"machine student-001..030 (30)".</summary>
    public string Title => Count == 1 ? Name : $"{Name} ({Count})";
}
