using System.Collections.Immutable;
using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Engine.Resources;
using Provision.Model.Policies;

namespace Provision.Cli.Topology;

/// <summary>
/// The boxes of a picture. Images, packages, services and keys are not shown; of what belongs to a machine it is the machine's change that is, and
/// its disks are counted. Linear in the number of items.
/// </summary>
internal sealed class TopologyTree
{
    // Deeper than anything that is made here; a record of another's making may hold a circle.
    private const int MostParents = 64;

    private static readonly Dictionary<string, TopologyKind> Kinds = new(StringComparer.Ordinal)
    {
        ["provision:index:Host"] = TopologyKind.Host,
        ["provision:index:Hypervisor"] = TopologyKind.Hypervisor,
        ["provision:index:VirtualMachine"] = TopologyKind.Machine,
        [ResourceTypes.Container] = TopologyKind.Container,
        [ResourceTypes.ContainerNetwork] = TopologyKind.Network,
        [ResourceTypes.MachineNetwork] = TopologyKind.Network,
    };

    private readonly Dictionary<Urn, TopologyItem> _items = [];
    private readonly Dictionary<Urn, List<TopologyItem>> _contents = [];
    private readonly Dictionary<Urn, List<TopologyItem>> _parts = [];
    private readonly Dictionary<Urn, int> _networks = [];
    private int _lastId;

    private TopologyTree(IEnumerable<TopologyItem> items)
    {
        var ordered = items.Where(item => _items.TryAdd(item.Urn, item)).ToArray();
        foreach (var item in ordered)
        {
            var above = ShownAbove(item);
            var list = KindOf(item.Urn) is null ? _parts : _contents;
            if (!list.TryGetValue(above, out var siblings))
            {
                list.Add(above, siblings = []);
            }

            siblings.Add(item);
        }
    }

    /// <summary>What stands at the top, with everything in it.</summary>
    public static ImmutableArray<TopologyNode> Build(IEnumerable<TopologyItem> items) => new TopologyTree(items).ChildrenOf(Urn.None);

    private static TopologyKind? KindOf(Urn urn) => Kinds.TryGetValue(urn.Type.Token, out var kind) ? kind : null;

    /// <summary>The nearest shown thing that it stands in; none where there is none.</summary>
    private Urn ShownAbove(TopologyItem item)
    {
        var at = item.Parent;
        for (var step = 0; step < MostParents && at is { } parent; step++)
        {
            if (!_items.TryGetValue(parent, out var above))
            {
                break;
            }

            if (KindOf(parent) is not null and not TopologyKind.Network)
            {
                return parent;
            }

            at = above.Parent;
        }

        return Urn.None;
    }

    private ImmutableArray<TopologyNode> ChildrenOf(Urn parent)
    {
        if (!_contents.TryGetValue(parent, out var items))
        {
            return [];
        }

        // Networks first: who is on which decides what else may be put together.
        var members = MembersOf(items);
        var networks = Fold(
            items.Where(item => KindOf(item.Urn) == TopologyKind.Network),
            item => Draft(item, []) with { Key = string.Join('\n', members.GetValueOrDefault(item.Urn) ?? []) });
        var others = Fold(items.Where(item => KindOf(item.Urn) != TopologyKind.Network), item => Draft(item, ChildrenOf(item.Urn)));
        return [.. others, .. networks];
    }

    private IEnumerable<Urn> UsesOf(TopologyItem item) =>
        KindOf(item.Urn) == TopologyKind.Machine && _parts.TryGetValue(item.Urn, out var parts) ? item.Uses.Concat(parts.SelectMany(part => part.Uses)) : item.Uses;

    private Dictionary<Urn, SortedSet<string>> MembersOf(List<TopologyItem> items) =>
        (from item in items from used in UsesOf(item) group item by used)
        .ToDictionary(group => group.Key, group => new SortedSet<string>(group.Select(item => FoldLabel.Pattern(item.Urn.Name)), StringComparer.Ordinal));

    /// <summary>A box before equal ones are put together. The key is what they have in common beside what is drawn.</summary>
    private sealed record TopologyDraft(TopologyItem Item, string Name, TopologyChange? Change, string Note, ImmutableArray<int> Networks, ImmutableArray<TopologyNode> Children)
    {
        public string Key { get; init; } = "";
    }

    private TopologyDraft Draft(TopologyItem item, ImmutableArray<TopologyNode> children)
    {
        var parts = _parts.GetValueOrDefault(item.Urn) ?? [];
        var isMachine = KindOf(item.Urn) == TopologyKind.Machine;
        var uses = UsesOf(item).Distinct().ToArray();
        var note = isMachine
            ? Count(parts.Count(part => part.Urn.Type.Token == ResourceTypes.Disk), "disk")
            : KindOf(item.Urn) == TopologyKind.Container ? Count(uses.Count(used => used.Type.Token == ResourceTypes.ContainerVolume), "volume") : "";
        return new TopologyDraft(
            item, PictureText.Visible(item.Urn.Name), isMachine ? ChangeOf(item, parts) : item.Change, note,
            [.. uses.Where(_networks.ContainsKey).Select(used => _networks[used]).Distinct().Order()], children);
    }

    /// <summary>A machine's own, or its domain's; a disk that comes or goes only changes the machine it belongs to.</summary>
    private static TopologyChange? ChangeOf(TopologyItem machine, List<TopologyItem> parts)
    {
        var own = machine.Change;
        foreach (var part in parts)
        {
            var change = part.Urn.Type == Workloads.Workload.Domain || part.Change is not (TopologyChange.Create or TopologyChange.Delete) ? part.Change : TopologyChange.Live;
            own = change > own ? change : own;
        }

        return own;
    }

    private TopologyNode[] Fold(IEnumerable<TopologyItem> items, Func<TopologyItem, TopologyDraft> draft)
    {
        var groups = items.Select(draft).GroupBy(one => one.Children.IsEmpty && KindOf(one.Item.Urn) is not (TopologyKind.Host or TopologyKind.Hypervisor)
            ? (KindOf(one.Item.Urn), FoldLabel.Pattern(one.Name), one.Change, one.Note, string.Join(',', one.Networks), one.Key)
            : (null, "", null, "", "", one.Item.Urn.ToString()));
        return groups.SelectMany(group => group.Count() < FoldLabel.Minimum ? group.Chunk(1) : [[.. group]]).Select(Node).ToArray();
    }

    private TopologyNode Node(TopologyDraft[] same)
    {
        var first = same[0];
        var node = new TopologyNode(
            ++_lastId, KindOf(first.Item.Urn) ?? TopologyKind.Host, [.. same.Select(one => one.Name)], first.Change, first.Note, first.Networks, first.Children);
        if (node.Kind == TopologyKind.Network)
        {
            foreach (var one in same)
            {
                _networks.Add(one.Item.Urn, node.Id);
            }
        }

        return node;
    }

    private static string Count(int count, string what) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
