using System.Collections.Immutable;
using Provision.Cli.Rendering;

namespace Provision.Cli.Topology;

internal enum TopologyKind
{
    Host,
    Hypervisor,
    Machine,
    Container,
    Network,
}

/// <summary>One box of a picture: a thing, or several that are equal but for the numbers in their names.</summary>
/// <param name="Id">Counts through the picture.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Names">What it is called; several where it stands for several. Nothing in them is invisible.</param>
/// <param name="Change">What becomes of it; null where the picture is of no change.</param>
/// <param name="Note">What it has that is not drawn, such as <c>2 disks</c>; empty for nothing.</param>
/// <param name="Networks">The networks it is on, by their ids.</param>
/// <param name="Children">What is in it.</param>
internal sealed record TopologyNode(
    int Id, TopologyKind Kind, ImmutableArray<string> Names, TopologyChange? Change, string Note, ImmutableArray<int> Networks, ImmutableArray<TopologyNode> Children)
{
    /// <summary><c>student-001..300</c></summary>
    public string Label { get; } = FoldLabel.Of(Names);

    /// <summary><c>machine × 300 · 2 disks</c></summary>
    public string Detail => string.Join(" · ", ((string[])[Names.Length > 1 ? $"{KindWord} × {Names.Length}" : KindWord, Note]).Where(part => part.Length > 0));

    private string KindWord => Kind switch
    {
        TopologyKind.Host => "host",
        TopologyKind.Hypervisor => "hypervisor",
        TopologyKind.Machine => "machine",
        TopologyKind.Container => "container",
        _ => "network",
    };
}
