using System.Collections.Immutable;
using Provision.Cli.Rendering;
using Provision.Engine.Resources;

namespace Provision.Cli.Topology;

/// <summary>
/// From resources to the picture of what contains what: hosts, hypervisors, machines and containers, and the networks between them. Images, packages and the
/// like are left out; disks and volumes are told in words. Pure.
/// </summary>
internal static class TopologyBuilder
{
    private const string Disk = "libvirt:index/volume:Volume";
    private const string Volume = "docker:index/volume:Volume";
    private const string Domain = "libvirt:index/domain:Domain";

    private static readonly ImmutableDictionary<string, TopologyKind> Drawn = new Dictionary<string, TopologyKind>
    {
        ["provision:index:Host"] = TopologyKind.Host,
        ["provision:index:Hypervisor"] = TopologyKind.Hypervisor,
        ["provision:index:VirtualMachine"] = TopologyKind.Machine,
        ["docker:index/container:Container"] = TopologyKind.Container,
        ["docker:index/network:Network"] = TopologyKind.Network,
        ["libvirt:index/network:Network"] = TopologyKind.Network,
    }.ToImmutableDictionary();

    /// <summary>The outermost boxes.</summary>
    public static ImmutableArray<TopologyNode> Build(IEnumerable<TopologyItem> items)
    {
        var all = items.DistinctBy(item => item.Urn).ToArray();
        var known = all.ToDictionary(item => item.Urn);
        var children = all.Where(item => item.Parent is not null).ToLookup(item => item.Parent ?? default);
        return Fold([.. all.Where(IsOutermost).Select(item => Node(item, children, known))]);

        bool IsOutermost(TopologyItem item) =>
            Drawn.ContainsKey(item.Urn.Type.Token) && (item.Parent is not { } parent || !known.TryGetValue(parent, out var above) || !Drawn.ContainsKey(above.Urn.Type.Token));
    }

    private static TopologyNode Node(TopologyItem item, ILookup<Urn, TopologyItem> children, Dictionary<Urn, TopologyItem> known)
    {
        var kind = Drawn[item.Urn.Type.Token];
        TopologyItem[] parts = [.. children[item.Urn]];
        TopologyItem[] told = kind == TopologyKind.Machine ? [item, .. parts] : [item];
        return new TopologyNode
        {
            Kind = kind,
            Name = item.Urn.Name,
            Effect = kind == TopologyKind.Machine ? EffectOfMachine(item, parts) : kind is TopologyKind.Host or TopologyKind.Hypervisor && item.Effect is not (Effect.Create or Effect.Delete) ? null : item.Effect,
            Notes = [.. Disks(parts), .. Volumes(told)],
            Networks = [.. told.SelectMany(one => one.Uses).Where(IsNetwork).Select(urn => urn.Name).Distinct()],
            Children = Fold([.. parts.Where(part => Drawn.ContainsKey(part.Urn.Type.Token)).Select(part => Node(part, children, known))]),
        };
    }

    /// <summary>A machine is what its domain is; that a disk of it comes or goes changes it.</summary>
    private static Effect? EffectOfMachine(TopologyItem machine, TopologyItem[] parts)
    {
        if (machine.Effect is Effect.Create or Effect.Delete)
        {
            return machine.Effect;
        }

        var domain = parts.FirstOrDefault(part => part.Urn.Type.Token == Domain)?.Effect;
        return domain ?? (parts.Any(part => part.Effect is not null) ? Effect.Live : null);
    }

    private static IEnumerable<string> Disks(TopologyItem[] parts) => parts.Count(part => part.Urn.Type.Token == Disk) switch
    {
        0 => [],
        1 => ["1 disk"],
        var count => [$"{count} disks"],
    };

    private static IEnumerable<string> Volumes(TopologyItem[] told) =>
        told.SelectMany(one => one.Uses).Where(urn => urn.Type.Token == Volume).Select(urn => $"volume {urn.Name}").Distinct();

    private static bool IsNetwork(Urn urn) => Drawn.TryGetValue(urn.Type.Token, out var kind) && kind == TopologyKind.Network;

    /// <summary>Siblings that differ in the numbers of their names only become one; networks come first.</summary>
    private static ImmutableArray<TopologyNode> Fold(IReadOnlyList<TopologyNode> siblings) =>
    [
        .. siblings.GroupBy(Shape).SelectMany(group =>
        {
            TopologyNode[] nodes = [.. group];
            return nodes.Length < FoldLabel.Minimum ? nodes : [Together(nodes)];
        }).OrderBy(node => node.Kind != TopologyKind.Network),
    ];

    private static TopologyNode Together(TopologyNode[] nodes) => nodes[0] with
    {
        Name = FoldLabel.Of([.. nodes.Select(node => node.Name)]),
        Count = nodes.Sum(node => node.Count),
        Notes = Zip(nodes, node => node.Notes),
        Networks = Zip(nodes, node => node.Networks),
        Children = [.. Enumerable.Range(0, nodes[0].Children.Length).Select(at => Together([.. nodes.Select(node => node.Children[at])]))],
    };

    private static ImmutableArray<string> Zip(TopologyNode[] nodes, Func<TopologyNode, ImmutableArray<string>> texts) =>
        [.. Enumerable.Range(0, texts(nodes[0]).Length).Select(at => FoldLabel.Of([.. nodes.Select(node => texts(node)[at]).Distinct()]))];

    private static string Shape(TopologyNode node) =>
        $"{node.Kind}\n{FoldLabel.Pattern(node.Name)}\n{node.Effect}\n{string.Join(',', node.Notes.Select(FoldLabel.Pattern))}\n{string.Join(',', node.Networks.Select(FoldLabel.Pattern))}\n({string.Join(';', node.Children.Select(Shape))})";
}
