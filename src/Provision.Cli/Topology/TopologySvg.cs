using System.Globalization;
using System.Net;
using System.Text;
using Provision.Cli.Rendering;

namespace Provision.Cli.Topology;

/// <summary>The picture as SVG that needs nothing beside it. Light or dark as its reader has it, also where it is shown as an image.</summary>
internal static class TopologySvg
{
    private const double Margin = 8;
    private const double LegendHeight = 26;

    private const string Style = """
        .topo { --ink: #1f2328; --faint: #59636e; --line: #8c959f; --host: #f6f8fa; --inner: #fff; --machine: #eef4ff; --container: #eefaf0; --create: #1a7f37; --live: #7d4e00; --restart: #b35900; --replace: #c4232f; --delete: #82071e; font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; }
        @media (prefers-color-scheme: dark) { .topo { --ink: #e6edf3; --faint: #9da7b3; --line: #6e7681; --host: #151b23; --inner: #0d1117; --machine: #12233d; --container: #10291a; --create: #57d977; --live: #e3b341; --restart: #ffa657; --replace: #ff7b72; --delete: #ffa198; } }
        .topo text { fill: var(--ink); } .topo .topo-faint { fill: var(--faint); } .topo .topo-name { font-weight: 600; }
        .topo rect { stroke: var(--line); stroke-width: 1; fill: var(--inner); }
        .topo .topo-host { fill: var(--host); } .topo .topo-machine { fill: var(--machine); } .topo .topo-container { fill: var(--container); } .topo .topo-network { stroke-dasharray: 5 3; fill: none; }
        .topo .topo-create { stroke: var(--create); stroke-width: 2; } .topo .topo-live { stroke: var(--live); stroke-width: 2; } .topo .topo-restart { stroke: var(--restart); stroke-width: 2; } .topo .topo-replace { stroke: var(--replace); stroke-width: 2.5; } .topo .topo-delete { stroke: var(--delete); stroke-width: 2.5; stroke-dasharray: 2 2; }
        .topo text.topo-create { fill: var(--create); stroke: none; font-weight: 700; } .topo text.topo-live { fill: var(--live); stroke: none; font-weight: 700; } .topo text.topo-restart { fill: var(--restart); stroke: none; font-weight: 700; } .topo text.topo-replace { fill: var(--replace); stroke: none; font-weight: 700; } .topo text.topo-delete { fill: var(--delete); stroke: none; font-weight: 700; }
        """;

    /// <param name="nodes">The outermost boxes.</param>
    /// <param name="title">What it is a picture of.</param>
    public static string Text(IReadOnlyList<TopologyNode> nodes, string title)
    {
        var boxes = TopologyLayout.Place(nodes);
        var effects = boxes.SelectMany(All).Select(box => box.Node.Effect).OfType<Effect>().Distinct().Order().ToArray();
        var (width, height) = (boxes.Select(box => box.X + box.Width + TopologyLayout.Extra(box.Node)).DefaultIfEmpty(0).Max(), boxes.Select(box => box.Y + box.Height + TopologyLayout.Extra(box.Node)).DefaultIfEmpty(0).Max());
        width = Math.Max(width, effects.Sum(effect => LegendWidth(effect)));
        var legend = effects.Length > 0 ? LegendHeight : 0;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"topo\" role=\"img\" width=\"{Number(width + 2 * Margin)}\" height=\"{Number(height + 2 * Margin + legend)}\" viewBox=\"0 0 {Number(width + 2 * Margin)} {Number(height + 2 * Margin + legend)}\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(title)}</title>\n<style>\n{Style}\n</style>\n<g transform=\"translate({Number(Margin)} {Number(Margin)})\">\n");
        foreach (var box in boxes)
        {
            Draw(svg, box);
        }

        Legend(svg, effects, height);
        return svg.Append("</g>\n</svg>").ToString();
    }

    private static void Draw(StringBuilder svg, TopologyBox box)
    {
        var node = box.Node;
        var look = $"topo-{Name(node.Kind)}{(node.Effect is { } effect ? $" topo-{Name(effect)}" : "")}";
        for (var card = node.Count > 1 ? 2 : 0; card > 0; card--)
        {
            Rectangle(svg, look, box.X + card * TopologyLayout.Deck / 2, box.Y + card * TopologyLayout.Deck / 2, box.Width, box.Height);
        }

        Rectangle(svg, look, box.X, box.Y, box.Width, box.Height);
        var y = box.Y + (node.Kind == TopologyKind.Network ? 15 : 17);
        var x = box.X + TopologyLayout.Padding;
        if (node.Effect is { } done)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"topo-{Name(done)}\" x=\"{Number(x)}\" y=\"{Number(y)}\">{Effects.Mark(done)}</text>\n");
            x += TopologyLayout.Mark;
        }

        var room = box.X + box.Width - TopologyLayout.Padding - x;
        var kind = $"{Name(node.Kind)} ";
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(y)}\"><title>{Escape(node.Title)}</title><tspan class=\"topo-faint\">{kind}</tspan><tspan class=\"topo-name\">{Escape(TextWidth.CutStrong(node.Title, room - TextWidth.Of(kind)))}</tspan></text>\n");
        foreach (var line in node.Kind == TopologyKind.Network ? [] : TopologyLayout.Lines(node))
        {
            y += TopologyLayout.Line;
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"topo-faint\" x=\"{Number(box.X + TopologyLayout.Padding)}\" y=\"{Number(y)}\">{Escape(TextWidth.Cut(line, box.Width - 2 * TopologyLayout.Padding))}</text>\n");
        }

        foreach (var child in box.Children)
        {
            Draw(svg, child);
        }
    }

    private static void Legend(StringBuilder svg, Effect[] effects, double height)
    {
        var x = 0.0;
        foreach (var effect in effects)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(height + 20)}\"><tspan class=\"topo-name\">{Effects.Mark(effect)}</tspan> {Effects.Done(effect)}</text>\n");
            x += LegendWidth(effect);
        }
    }

    private static double LegendWidth(Effect effect) => TextWidth.Of(Effects.Mark(effect) + Effects.Done(effect)) + 24;

    private static void Rectangle(StringBuilder svg, string look, double x, double y, double width, double height) =>
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{look}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" rx=\"5\"/>\n");

    private static IEnumerable<TopologyBox> All(TopologyBox box) => box.Children.SelectMany(All).Prepend(box);

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(SafeText.Of(text));
}
