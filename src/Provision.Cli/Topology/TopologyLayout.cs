using System.Collections.Immutable;

namespace Provision.Cli.Topology;

/// <summary>
/// Gives every box its place. Pure. In a box stand, from above: its name, what has nothing in it as a grid of equal cells, its networks as bars, and
/// boxes that hold others. Beside every column of the grid is room for lines, one lane a network, so that no line crosses a box.
/// </summary>
internal sealed class TopologyLayout
{
    public const int NameSize = 13;
    public const int DetailSize = 11;
    public const int CellPadding = 10;

    private const int MostWidth = 900;
    private const int Margin = 12;
    private const int Padding = 14;
    private const int Header = 46;
    private const int CellHeight = 46;
    private const int BarHeight = 26;
    private const int Gap = 12;
    private const int LeastCell = 96;
    private const int MostCell = 230;
    private const int LaneWidth = 7;
    private const int MostLanes = 8;

    private readonly ImmutableArray<TopologyBox>.Builder _boxes = ImmutableArray.CreateBuilder<TopologyBox>();
    private readonly ImmutableArray<TopologyLink>.Builder _links = ImmutableArray.CreateBuilder<TopologyLink>();

    private TopologyLayout()
    {
    }

    public static TopologyPicture Of(ImmutableArray<TopologyNode> roots)
    {
        var layout = new TopologyLayout();
        var (width, height) = layout.Place(roots, 0, Margin, Margin, MostWidth - (2 * Margin));
        return new TopologyPicture(width + (2 * Margin), height + (2 * Margin), layout._boxes.ToImmutable(), layout._links.ToImmutable());
    }

    /// <summary>Places siblings from an upper left corner on, and returns how much room they took.</summary>
    private (int Width, int Height) Place(ImmutableArray<TopologyNode> siblings, int parent, int left, int top, int most)
    {
        var networks = siblings.Where(node => node.Kind == TopologyKind.Network).ToArray();
        var cells = siblings.Where(node => node.Kind is TopologyKind.Machine or TopologyKind.Container && node.Children.IsEmpty).ToArray();
        var (width, at) = Grid(cells, networks.Length, parent, left, top, most);
        var bars = networks.Select(BarWidth).DefaultIfEmpty(0).Max();
        width = Math.Min(most, Math.Max(width, bars));

        var lanes = new Dictionary<int, (int Lane, int Top)>();
        foreach (var (lane, network) in networks.Index())
        {
            at += at > top ? Gap : 0;
            lanes.Add(network.Id, (lane % MostLanes, at));
            _boxes.Add(new TopologyBox(network, parent, left, at, width, BarHeight, lane % MostLanes));
            at += BarHeight;
        }

        Link(cells, lanes);
        var nested = siblings.Except(networks).Except(cells).ToArray();
        var (nestedWidth, bottom) = Nested(nested, parent, left, at > top && nested.Length > 0 ? at + Gap : at, most);
        return (Math.Max(width, nestedWidth), bottom - top);
    }

    private (int Width, int Bottom) Grid(TopologyNode[] cells, int networks, int parent, int left, int top, int most)
    {
        if (cells.Length == 0)
        {
            return (0, top);
        }

        var lanes = Gap + (LaneWidth * Math.Min(networks, MostLanes));
        var cell = Math.Min(Math.Clamp(cells.Max(CellWidth), LeastCell, MostCell), most - lanes);
        var columns = Math.Clamp(most / (cell + lanes), 1, cells.Length);
        foreach (var (index, node) in cells.Index())
        {
            _boxes.Add(new TopologyBox(node, parent, left + (index % columns * (cell + lanes)), top + (index / columns * (CellHeight + Gap)), cell, CellHeight));
        }

        var rows = (cells.Length + columns - 1) / columns;
        return (columns * (cell + lanes), top + (rows * (CellHeight + Gap)) - Gap);
    }

    private void Link(TopologyNode[] cells, Dictionary<int, (int Lane, int Top)> networks)
    {
        var places = _boxes.Skip(_boxes.Count - cells.Length - networks.Count).Take(cells.Length);
        foreach (var box in places)
        {
            foreach (var network in box.Node.Networks.Where(networks.ContainsKey))
            {
                var (lane, bar) = networks[network];

                // The nearer lane leaves lower, so that no line of a box crosses another of it.
                var from = box.Bottom - CellPadding - (lane * (CellHeight - (2 * CellPadding)) / MostLanes);
                _links.Add(new TopologyLink(box.Node.Id, network, box.Right, from, box.Right + (Gap / 2) + (lane * LaneWidth), bar, lane));
            }
        }
    }

    /// <summary>Boxes that hold others, side by side where they have room.</summary>
    private (int Width, int Bottom) Nested(TopologyNode[] nodes, int parent, int left, int top, int most)
    {
        var (x, y, bottom, widest) = (left, top, top, 0);
        foreach (var node in nodes)
        {
            var own = _boxes.Count;
            var (width, height) = Box(node, parent, x, y, most);
            if (x > left && x + width > left + most)
            {
                // It was tried where there is no room for it: once more, below.
                Forget(own);
                (x, y) = (left, bottom + Gap);
                (width, height) = Box(node, parent, x, y, most);
            }

            widest = Math.Max(widest, x + width - left);
            bottom = Math.Max(bottom, y + height);
            x += width + Gap;
        }

        return (widest, bottom);
    }

    private (int Width, int Height) Box(TopologyNode node, int parent, int left, int top, int most)
    {
        var own = _boxes.Count;
        var place = new TopologyBox(node, parent, left, top, 0, 0);
        _boxes.Add(place);
        var (width, height) = Place(node.Children, node.Id, left + Padding, top + Header, most - (2 * Padding));
        var size = (Width: Math.Min(most, Math.Max(width + (2 * Padding), CellWidth(node) + Padding)), Height: Header + height + (height > 0 ? Padding : 0));
        _boxes[own] = place with { Width = size.Width, Height = size.Height };
        return size;
    }

    private void Forget(int from)
    {
        var gone = _boxes.Skip(from).Select(box => box.Node.Id).ToHashSet();
        _boxes.RemoveRange(from, _boxes.Count - from);
        while (_links.Count > 0 && gone.Contains(_links[^1].Member))
        {
            _links.RemoveAt(_links.Count - 1);
        }
    }

    private static int CellWidth(TopologyNode node) =>
        Math.Max(NameWidth(node), TextWidth.Of(node.Detail, DetailSize)) + (2 * CellPadding);

    private static int BarWidth(TopologyNode node) => NameWidth(node) + TextWidth.Of(node.Detail, DetailSize) + (4 * CellPadding);

    // Names are bold, which is a little wider.
    private static int NameWidth(TopologyNode node) => TextWidth.Of($"{TopologyWords.Mark(node.Change)} {node.Label}", NameSize + 1);
}
