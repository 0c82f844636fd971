using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Provision.Cli.Topology;

/// <summary>A picture in Graphviz' language.</summary>
internal static class TopologyDot
{
    public static string Of(ImmutableArray<TopologyNode> roots, string title)
    {
        var (links, text) = (new StringBuilder(), new StringBuilder());
        text.Append(CultureInfo.InvariantCulture, $"graph \"{PictureText.Dot(title)}\" {{\n");
        text.Append("  graph [fontname=\"sans-serif\" style=\"rounded,filled\" color=\"#d1d9e0\" fillcolor=\"#f6f8fa\"]\n");
        text.Append("  node [fontname=\"sans-serif\" shape=box style=\"rounded,filled\" color=\"#59636e\" fillcolor=\"#ffffff\"]\n");
        foreach (var root in roots)
        {
            Write(root, 1, text, links);
        }

        return text.Append(links).Append('}').ToString();
    }

    private static void Write(TopologyNode node, int depth, StringBuilder text, StringBuilder links)
    {
        var indent = new string(' ', 2 * depth);
        if (node.Kind is TopologyKind.Host or TopologyKind.Hypervisor || !node.Children.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph cluster_n{node.Id} {{\n{indent}  label=\"{Label(node)}\"{Colours(node)}\n");

            // A cluster without a node in it is not drawn.
            text.Append(CultureInfo.InvariantCulture, $"{indent}  n{node.Id} [shape=point style=invis]\n");
            foreach (var child in node.Children)
            {
                Write(child, depth + 1, text, links);
            }

            text.Append(indent).Append("}\n");
        }
        else
        {
            var shape = node.Kind == TopologyKind.Network ? " shape=oval" : node.Names.Length > 1 ? " peripheries=2" : "";
            text.Append(CultureInfo.InvariantCulture, $"{indent}n{node.Id} [label=\"{Label(node)}\"{shape}{Colours(node)}]\n");
        }

        foreach (var network in node.Networks)
        {
            links.Append(CultureInfo.InvariantCulture, $"  n{node.Id} -- n{network}\n");
        }
    }

    private static string Label(TopologyNode node) =>
        $"{PictureText.Dot($"{TopologyWords.Mark(node.Change)} {node.Label}".TrimStart())}\\n{PictureText.Dot(node.Detail)}";

    private static string Colours(TopologyNode node) => node.Change switch
    {
        TopologyChange.Create => " color=\"#1a7f37\" fillcolor=\"#dafbe1\"",
        TopologyChange.Live => " color=\"#9a6700\" fillcolor=\"#fff8c5\"",
        TopologyChange.Restart => " color=\"#bc4c00\" fillcolor=\"#ffe7d6\"",
        TopologyChange.Replace => " color=\"#8250df\" fillcolor=\"#fbefff\"",
        TopologyChange.Delete => " color=\"#cf222e\" fillcolor=\"#ffebe9\" style=\"rounded,filled,dashed\"",
        _ => "",
    };
}
