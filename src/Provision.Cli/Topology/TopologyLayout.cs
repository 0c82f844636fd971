using System.Collections.Immutable;

namespace Provision.Cli.Topology;

/// <summary>A box with its place, in pixels from the picture's top left corner.</summary>
internal sealed record TopologyBox(TopologyNode Node, double X, double Y, double Width, double Height, ImmutableArray<TopologyBox> Children);

/// <summary>Finds a place for every box: each in its own, side by side as far as there is room and then below. Pure.</summary>
internal static class TopologyLayout
{
    public const double Width = 880;
    public const double Line = 17;
    public const double Padding = 10;
    public const double Header = 26;

    /// <summary>How far the cards behind a card show.</summary>
    public const double Deck = 6;

    /// <summary>What the mark of an effect takes before a title.</summary>
    public const double Mark = 16;

    private const double Gap = 10;
    private const double Least = 120;
    private const double NetworkHeight = 22;


    /// <summary>The outermost boxes, one below the other.</summary>
    public static ImmutableArray<TopologyBox> Place(IEnumerable<TopologyNode> nodes)
    {
        var boxes = ImmutableArray.CreateBuilder<TopologyBox>();
        var y = 0.0;
        foreach (var node in nodes)
        {
            var box = Measure(node, Width);
            boxes.Add(Move(box with { Width = Math.Max(box.Width, Least) }, 0, y));
            y += box.Height + Extra(node) + Gap;
        }

        return boxes.ToImmutable();
    }

    /// <summary>What a box of many takes more than a box of one.</summary>
    public static double Extra(TopologyNode node) => node.Count > 1 ? Deck : 0;

    /// <summary>What stands under a box's title.</summary>
    public static IEnumerable<string> Lines(TopologyNode node) => node.Notes.Concat(node.Networks.Length > 0 ? ["on " + string.Join(", ", node.Networks)] : []);

    private static double TitleWidth(TopologyNode node) =>
        (node.Effect is null ? 0 : Mark) + TextWidth.Of(node.Kind + " ") + TextWidth.OfStrong(node.Title);

    /// <summary>A box at the origin, with all in it.</summary>
    private static TopologyBox Measure(TopologyNode node, double room)
    {
        var own = Math.Min(room, Math.Max(Least, 2 * Padding + Math.Max(TitleWidth(node), Lines(node).Select(TextWidth.Of).DefaultIfEmpty(0).Max())));
        if (node.Kind == TopologyKind.Network)
        {
            return new TopologyBox(node, 0, 0, own, NetworkHeight, []);
        }

        var top = Header + Lines(node).Count() * Line + (Lines(node).Any() || node.Children.Length > 0 ? Padding / 2 : 0);
        var inner = room - 2 * Padding;
        var placed = new List<TopologyBox>();
        var (x, y, rowHeight, widest) = (0.0, top, 0.0, 0.0);
        var wasNetwork = false;
        foreach (var child in node.Children)
        {
            var box = Measure(child, inner);
            var (width, height) = (box.Width + Extra(child), box.Height + Extra(child));
            var isNetwork = child.Kind == TopologyKind.Network;

            // Networks have their rows to themselves, above the rest.
            if (x > 0 && (x + width > inner || wasNetwork && !isNetwork))
            {
                (x, y, rowHeight) = (0, y + rowHeight + Gap, 0);
            }

            placed.Add(Move(box, Padding + x, y));
            widest = Math.Max(widest, x + width);
            x += width + Gap;
            rowHeight = Math.Max(rowHeight, height);
            wasNetwork = isNetwork;
        }

        return new TopologyBox(
            node, 0, 0, Math.Min(room, Math.Max(own, widest + 2 * Padding)), placed.Count > 0 ? y + rowHeight + Padding : top + Padding / 2, [.. placed]);
    }

    private static TopologyBox Move(TopologyBox box, double x, double y) =>
        box with { X = box.X + x, Y = box.Y + y, Children = [.. box.Children.Select(child => Move(child, x, y))] };
}
