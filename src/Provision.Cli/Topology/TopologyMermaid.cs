using System.Globalization;
using System.Text;
using Provision.Cli.Rendering;

namespace Provision.Cli.Topology;

/// <summary>The picture in Mermaid's language, which many sites draw.</summary>
internal static class TopologyMermaid
{
    public static string Text(IReadOnlyList<TopologyNode> nodes)
    {
        var text = new StringBuilder("flowchart TB\n");
        var links = new List<string>();
        var used = new SortedSet<Effect>();
        var last = 0;
        foreach (var node in nodes)
        {
            Draw(node, 1, new Dictionary<string, string>(StringComparer.Ordinal));
        }

        foreach (var link in links)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {link}\n");
        }

        foreach (var effect in used)
        {
            text.Append(CultureInfo.InvariantCulture, $"  classDef {Name(effect)} {Colors(effect)}\n");
        }

        return text.ToString().TrimEnd('\n');

        void Draw(TopologyNode node, int depth, Dictionary<string, string> networks)
        {
            var id = $"n{++last}";
            var indent = new string(' ', 2 * depth);
            var label = string.Join("<br/>", TopologyLayout.Lines(node with { Networks = [] })
                .Prepend($"{(node.Effect is { } mark ? Effects.Mark(mark) + " " : "")}{Name(node.Kind)} {node.Title}").Select(Escape));
            if (node.Effect is { } effect)
            {
                used.Add(effect);
            }

            if (node.Children.IsEmpty)
            {
                var shape = node.Kind == TopologyKind.Network ? $"([\"{label}\"])" : $"[\"{label}\"]";
                text.Append(CultureInfo.InvariantCulture, $"{indent}{id}{shape}{(node.Effect is { } done ? $":::{Name(done)}" : "")}\n");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph {id}[\"{label}\"]\n");
                var inside = new Dictionary<string, string>(networks, StringComparer.Ordinal);
                foreach (var child in node.Children)
                {
                    if (child.Kind == TopologyKind.Network)
                    {
                        inside[child.Name] = $"n{last + 1}";
                    }

                    Draw(child, depth + 1, inside);
                }

                text.Append(CultureInfo.InvariantCulture, $"{indent}end\n");
                if (node.Effect is { } all)
                {
                    links.Add($"class {id} {Name(all)}");
                }
            }

            links.AddRange(node.Networks.Where(networks.ContainsKey).Select(network => $"{id} --- {networks[network]}"));
        }
    }

    private static string Colors(Effect effect) => effect switch
    {
        Effect.Create => "stroke:#1a7f37,stroke-width:3px",
        Effect.Live => "stroke:#9a6700,stroke-width:2px",
        Effect.Restart => "stroke:#d4751c,stroke-width:3px",
        Effect.Replace => "stroke:#cf222e,stroke-width:4px",
        Effect.Delete => "stroke:#82071e,stroke-width:4px,stroke-dasharray:4 3",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Mermaid's character references; everything that could mean something to it or to HTML is one.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in SafeText.Of(text))
        {
            _ = char.IsAsciiLetterOrDigit(character) || character is ' ' or '-' or '.' or '_' or '/' or ',' or '+' or '~' or '(' or ')' || character > '\u007f'
                ? escaped.Append(character)
                : escaped.Append(CultureInfo.InvariantCulture, $"#{(int)character};");
        }

        return escaped.ToString();
    }

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
