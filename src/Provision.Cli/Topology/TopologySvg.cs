using System.Globalization;
using System.Text;

namespace Provision.Cli.Topology;

/// <summary>
/// A picture as SVG that needs nothing else: its own colours for light and dark, no script, no font, and every text escaped. It can stand in a file,
/// behind an img element or in a page, since all its classes begin with topo.
/// </summary>
internal static class TopologySvg
{
    private const int LegendHeight = 30;
    private const int LeastWidth = 220;
    private const int CardOffset = 3;

    private const string Style = """
        .topo{--topo-page:#ffffff;--topo-text:#1f2328;--topo-dim:#59636e;--topo-edge:#d1d9e0;--topo-host:#f6f8fa;--topo-in:#ffffff;--topo-vm:#ddf4ff;--topo-vm-edge:#218bff;--topo-ct:#e6f6ec;--topo-ct-edge:#2c974b;
        --topo-create:#dafbe1;--topo-create-edge:#1a7f37;--topo-live:#fff8c5;--topo-live-edge:#9a6700;--topo-restart:#ffe7d6;--topo-restart-edge:#bc4c00;--topo-replace:#fbefff;--topo-replace-edge:#8250df;--topo-delete:#ffebe9;--topo-delete-edge:#cf222e;
        --topo-l0:#0969da;--topo-l1:#bf3989;--topo-l2:#1b7c83;--topo-l3:#bc4c00;--topo-l4:#8250df;--topo-l5:#4d7c0f;--topo-l6:#a40e26;--topo-l7:#57606a}
        @media (prefers-color-scheme:dark){.topo{--topo-page:#0d1117;--topo-text:#f0f6fc;--topo-dim:#9198a1;--topo-edge:#3d444d;--topo-host:#151b23;--topo-in:#0d1117;--topo-vm:#0c2d4d;--topo-vm-edge:#4493f8;--topo-ct:#0f2f1d;--topo-ct-edge:#3fb950;
        --topo-create:#12361f;--topo-create-edge:#3fb950;--topo-live:#3b2e04;--topo-live-edge:#d29922;--topo-restart:#43230c;--topo-restart-edge:#f0883e;--topo-replace:#2e1f4d;--topo-replace-edge:#ab7df8;--topo-delete:#4a1519;--topo-delete-edge:#f85149;
        --topo-l0:#58a6ff;--topo-l1:#f778ba;--topo-l2:#39c5cf;--topo-l3:#f0883e;--topo-l4:#bc8cff;--topo-l5:#a3c940;--topo-l6:#ff7b72;--topo-l7:#9198a1}}
        .topo text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--topo-text)}
        .topo .topo-name{font-size:13px;font-weight:600}.topo .topo-detail{font-size:11px;fill:var(--topo-dim)}
        .topo-page{fill:var(--topo-page)}.topo-host{fill:var(--topo-host);stroke:var(--topo-edge)}.topo-hypervisor{fill:var(--topo-in);stroke:var(--topo-edge)}
        .topo-machine{fill:var(--topo-vm);stroke:var(--topo-vm-edge)}.topo-container{fill:var(--topo-ct);stroke:var(--topo-ct-edge)}.topo-network{fill:var(--topo-in);stroke-width:1.5}
        .topo-same{fill:var(--topo-in);stroke:var(--topo-edge)}.topo-create{fill:var(--topo-create);stroke:var(--topo-create-edge)}.topo-live{fill:var(--topo-live);stroke:var(--topo-live-edge)}
        .topo-restart{fill:var(--topo-restart);stroke:var(--topo-restart-edge)}.topo-replace{fill:var(--topo-replace);stroke:var(--topo-replace-edge)}.topo-delete{fill:var(--topo-delete);stroke:var(--topo-delete-edge);stroke-dasharray:5 3}
        .topo-link{fill:none;stroke-width:1.5}.topo-l0{stroke:var(--topo-l0)}.topo-l1{stroke:var(--topo-l1)}.topo-l2{stroke:var(--topo-l2)}.topo-l3{stroke:var(--topo-l3)}
        .topo-l4{stroke:var(--topo-l4)}.topo-l5{stroke:var(--topo-l5)}.topo-l6{stroke:var(--topo-l6)}.topo-l7{stroke:var(--topo-l7)}
        """;

    /// <param name="picture">What to draw.</param>
    /// <param name="title">What it is a picture of, for those who do not see it.</param>
    public static string Of(TopologyPicture picture, string title)
    {
        var changes = picture.Boxes.Select(box => box.Node.Change).OfType<TopologyChange>().Distinct().Order().ToArray();
        var legend = changes.Sum(LegendWidth);
        var width = Math.Max(Math.Max(picture.Width, LeastWidth), legend + 24);
        var height = picture.Height + (changes.Length > 0 ? LegendHeight : 0);
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" class="topo" role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}">""");
        Line(svg, $"<title>{PictureText.Xml(title)}</title>");
        Line(svg, $"<desc>{PictureText.Xml(Description(picture))}</desc>");
        Line(svg, $"<style>\n{Style}\n</style>");
        Line(svg, $"""<rect class="topo-page" width="{width}" height="{height}" rx="8"/>""");
        foreach (var box in picture.Boxes.Where(box => !IsLeaf(box)))
        {
            Frame(svg, box);
        }

        foreach (var link in picture.Links)
        {
            Line(svg, $"""<path class="topo-link topo-l{link.Lane}" d="M{link.FromX} {link.FromY}H{link.LaneX}V{link.ToY}"/>""");
        }

        foreach (var box in picture.Boxes.Where(IsLeaf))
        {
            Leaf(svg, box);
        }

        // Where a line ends, so that one which only passes behind a network is not taken for one of its.
        foreach (var (x, y, lane) in picture.Links.Select(link => (link.LaneX, link.ToY, link.Lane)).Distinct())
        {
            Line(svg, $"""<circle class="topo-l{lane}" cx="{x}" cy="{y}" r="2.5" fill="var(--topo-l{lane})"/>""");
        }

        Legend(svg, changes, picture.Height);
        Line(svg, $"</svg>");
        return svg.ToString().TrimEnd('\n');
    }

    private static bool IsLeaf(TopologyBox box) => box.Node.Kind is not (TopologyKind.Host or TopologyKind.Hypervisor) && box.Node.Children.IsEmpty;

    private static void Frame(StringBuilder svg, TopologyBox box)
    {
        Line(svg, $"<g>{Tooltip(box.Node)}");
        Line(svg, $"""<rect class="{ClassOf(box.Node)}" x="{box.Left}" y="{box.Top}" width="{box.Width}" height="{box.Height}" rx="8"/>""");
        Text(svg, box, box.Left + TopologyLayout.CellPadding, box.Top + 19);
        Line(svg, $"</g>");
    }

    private static void Leaf(StringBuilder svg, TopologyBox box)
    {
        var node = box.Node;
        Line(svg, $"<g>{Tooltip(node)}");
        if (node.Kind == TopologyKind.Network)
        {
            Line(svg, $"""<rect class="{(node.Change is null ? "topo-network" : ClassOf(node))} topo-l{box.Lane}" x="{box.Left}" y="{box.Top}" width="{box.Width}" height="{box.Height}" rx="{box.Height / 2}"/>""");
            var detail = TextWidth.Of(node.Detail, TopologyLayout.DetailSize);
            Name(svg, node, box.Left + (2 * TopologyLayout.CellPadding), box.Top + 17, box.Width - detail - (5 * TopologyLayout.CellPadding));
            Line(svg, $"""<text class="topo-detail" x="{box.Right - (2 * TopologyLayout.CellPadding)}" y="{box.Top + 17}" text-anchor="end">{PictureText.Xml(node.Detail)}</text>""");
        }
        else
        {
            // Several are a stack of cards.
            var cards = node.Names.Length > 1 ? 3 : 1;
            for (var offset = (cards - 1) * CardOffset; offset >= 0; offset -= CardOffset)
            {
                var (width, height) = (box.Width - ((cards - 1) * CardOffset), box.Height - ((cards - 1) * CardOffset));
                Line(svg, $"""<rect class="{ClassOf(node)}" x="{box.Left + offset}" y="{box.Top + offset}" width="{width}" height="{height}" rx="5"/>""");
            }

            Text(svg, box, box.Left + TopologyLayout.CellPadding, box.Top + 19);
        }

        Line(svg, $"</g>");
    }

    private static void Text(StringBuilder svg, TopologyBox box, int x, int y)
    {
        var room = box.Width - (2 * TopologyLayout.CellPadding);
        Name(svg, box.Node, x, y, room);
        Line(svg, $"""<text class="topo-detail" x="{x}" y="{y + 16}">{PictureText.Xml(TextWidth.Fit(box.Node.Detail, TopologyLayout.DetailSize, room))}</text>""");
    }

    private static void Name(StringBuilder svg, TopologyNode node, int x, int y, int room)
    {
        var mark = TopologyWords.Mark(node.Change);
        var text = TextWidth.Fit(mark.Length > 0 ? $"{mark} {node.Label}" : node.Label, TopologyLayout.NameSize + 1, room);
        Line(svg, $"""<text class="topo-name" x="{x}" y="{y}">{PictureText.Xml(text)}</text>""");
    }

    private static void Legend(StringBuilder svg, TopologyChange[] changes, int top)
    {
        var x = 12;
        foreach (var change in changes)
        {
            Line(svg, $"""<rect class="topo-{TopologyWords.ClassOf(change)}" x="{x}" y="{top}" width="18" height="14" rx="3"/>""");
            Line(svg, $"""<text class="topo-detail" x="{x + 24}" y="{top + 11}">{PictureText.Xml(LegendText(change))}</text>""");
            x += LegendWidth(change);
        }
    }

    private static string LegendText(TopologyChange change) => $"{TopologyWords.Mark(change)} {TopologyWords.Word(change)}".TrimStart();

    private static int LegendWidth(TopologyChange change) => 24 + TextWidth.Of(LegendText(change), TopologyLayout.DetailSize) + 18;

    private static string ClassOf(TopologyNode node) =>
        node.Change is { } change ? $"topo-{TopologyWords.ClassOf(change)}" : $"topo-{node.Kind.ToString().ToLowerInvariant()}";

    private static string Tooltip(TopologyNode node) =>
        $"<title>{PictureText.Xml(node.Change is { } change ? $"{node.Label}: {node.Detail}, {TopologyWords.Word(change)}" : $"{node.Label}: {node.Detail}")}</title>";

    private static string Description(TopologyPicture picture) =>
        string.Join("; ", picture.Boxes.Where(box => box.Node.Kind == TopologyKind.Host || box.Parent == 0).Select(box => $"{box.Node.Label}: {box.Node.Detail}"));

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
