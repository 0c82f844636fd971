using System.Globalization;
using System.Text;
using Provision.Cli.Rendering;

namespace Provision.Cli.Topology;

/// <summary>The picture in the language of Graphviz.</summary>
internal static class TopologyDot
{
    public static string Text(IReadOnlyList<TopologyNode> nodes)
    {
        var text = new StringBuilder("graph topology {\n  compound=true; node [shape=box, fontname=\"sans-serif\"]; graph [fontname=\"sans-serif\"];\n");
        var links = new List<string>();
        var last = 0;
        foreach (var node in nodes)
        {
            Draw(node, 1, new Dictionary<string, string>(StringComparer.Ordinal));
        }

        foreach (var link in links)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {link};\n");
        }

        return text.Append('}').ToString();

        void Draw(TopologyNode node, int depth, Dictionary<string, string> networks)
        {
            var id = $"n{++last}";
            var indent = new string(' ', 2 * depth);
            var label = string.Join("\\n", TopologyLayout.Lines(node with { Networks = [] })
                .Prepend($"{(node.Effect is { } mark ? Effects.Mark(mark) + " " : "")}{Name(node.Kind)} {node.Title}").Select(Escape));
            var look = node.Effect is { } effect ? $", color=\"{Color(effect)}\", penwidth=2" : "";
            if (node.Children.IsEmpty)
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}{id} [label=\"{label}\"{(node.Kind == TopologyKind.Network ? ", shape=ellipse" : "")}{look}];\n");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph cluster_{id} {{\n{indent}  graph [label=\"{label}\"{look}];\n");
                var inside = new Dictionary<string, string>(networks, StringComparer.Ordinal);
                foreach (var child in node.Children)
                {
                    if (child.Kind == TopologyKind.Network)
                    {
                        inside[child.Name] = $"n{last + 1}";
                    }

                    Draw(child, depth + 1, inside);
                }

                text.Append(CultureInfo.InvariantCulture, $"{indent}}}\n");
            }

            links.AddRange(node.Networks.Where(networks.ContainsKey).Select(network => $"{id} -- {networks[network]}"));
        }
    }

    private static string Color(Effect effect) => effect switch
    {
        Effect.Create => "#1a7f37",
        Effect.Live => "#9a6700",
        Effect.Restart => "#d4751c",
        Effect.Replace => "#cf222e",
        Effect.Delete => "#82071e",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Escape(string text) =>
        SafeText.Of(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
