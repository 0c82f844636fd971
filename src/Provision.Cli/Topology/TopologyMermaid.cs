using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Provision.Cli.Topology;

/// <summary>A picture as a Mermaid flowchart, which GitHub and many wikis draw from text.</summary>
internal static class TopologyMermaid
{
    private static readonly (TopologyChange Change, string Colours)[] Classes =
    [
        (TopologyChange.Create, "fill:#dafbe1,stroke:#1a7f37,color:#1f2328"),
        (TopologyChange.Live, "fill:#fff8c5,stroke:#9a6700,color:#1f2328"),
        (TopologyChange.Restart, "fill:#ffe7d6,stroke:#bc4c00,color:#1f2328"),
        (TopologyChange.Replace, "fill:#fbefff,stroke:#8250df,color:#1f2328"),
        (TopologyChange.Delete, "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:5 3"),
    ];

    public static string Of(ImmutableArray<TopologyNode> roots)
    {
        var (boxes, links, text) = (new List<TopologyNode>(), new StringBuilder(), new StringBuilder("flowchart TB\n"));
        foreach (var root in roots)
        {
            Write(root, 1, text, links, boxes);
        }

        text.Append(links);
        foreach (var (change, colours) in Classes)
        {
            var changed = boxes.Where(node => node.Change == change).Select(Id).ToArray();
            if (changed.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  classDef {TopologyWords.ClassOf(change)} {colours}\n");
                text.Append(CultureInfo.InvariantCulture, $"  class {string.Join(',', changed)} {TopologyWords.ClassOf(change)}\n");
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void Write(TopologyNode node, int depth, StringBuilder text, StringBuilder links, List<TopologyNode> boxes)
    {
        boxes.Add(node);
        var indent = new string(' ', 2 * depth);
        if (node.Kind is TopologyKind.Host or TopologyKind.Hypervisor || !node.Children.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph {Id(node)}[\"{Label(node, " ")}\"]\n");
            foreach (var child in node.Children)
            {
                Write(child, depth + 1, text, links, boxes);
            }

            text.Append(indent).Append("end\n");
        }
        else
        {
            // Several are drawn with double sides, networks round.
            var (open, close) = node.Kind == TopologyKind.Network ? ("([", "])") : node.Names.Length > 1 ? ("[[", "]]") : ("[", "]");
            text.Append(CultureInfo.InvariantCulture, $"{indent}{Id(node)}{open}\"{Label(node, "<br/>")}\"{close}\n");
        }

        foreach (var network in node.Networks)
        {
            links.Append(CultureInfo.InvariantCulture, $"  {Id(node)} --- n{network}\n");
        }
    }

    private static string Id(TopologyNode node) => string.Create(CultureInfo.InvariantCulture, $"n{node.Id}");

    // The mark comes last: at the beginning of a label Mermaid takes + and - for a list.
    private static string Label(TopologyNode node, string between)
    {
        var mark = node.Change is { } change && change != TopologyChange.Unchanged ? $" ({TopologyWords.Mark(change)} {TopologyWords.ClassOf(change)})" : "";
        return $"{PictureText.Mermaid(node.Label)}{between}{PictureText.Mermaid(node.Detail + mark)}";
    }
}
