using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Provision.Tests.Review.Recipes;

/// <summary>A recipe's YAML, by paths of keys.</summary>
internal sealed partial class Recipe
{
    private readonly YamlMappingNode _root;

    public Recipe(string file)
    {
        Text = File.ReadAllText(Path.Combine(RecipeFixture.Recipes, file));
        var stream = new YamlStream();
        stream.Load(new StringReader(Text));
        _root = (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public string Text { get; }

    public static string? Scalar(YamlNode? node) => (node as YamlScalarNode)?.Value;

    /// <summary>What stands there; null where nothing does.</summary>
    public YamlNode? At(params string[] path) => path.Aggregate((YamlNode?)_root, Member);

    public static YamlNode? Member(YamlNode? node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public IEnumerable<YamlNode> Items(params string[] path) => At(path) is YamlSequenceNode list ? list.Children : [];

    /// <summary>A mapping of text to text, with the expressions in it looked up.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Texts(YamlNode? node, IReadOnlyDictionary<string, string> expressions) =>
        node is YamlMappingNode map ? map.Children.Select(child => KeyValuePair.Create(Scalar(child.Key) ?? "", Expand(Scalar(child.Value) ?? "", expressions))) : [];

    /// <summary>Puts in the values of <c>${{ … }}</c>. One that the test does not know fails it: nobody has looked at where it comes from.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> expressions) =>
        Expression().Replace(text, match => expressions.TryGetValue(match.Groups[1].Value, out var value) ? value : throw new KeyNotFoundException(match.Value));

    [GeneratedRegex(@"\$\{\{\s*(.*?)\s*\}\}")]
    private static partial Regex Expression();
}
