using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Cli.Projects;

namespace Provision.Cli.Templating;

internal enum ParameterType
{
    String,
    Int,
    Bool,
    Size,
    List,
}

/// <summary>Something a template asks for.</summary>
internal sealed record TemplateParameter(string Name, string Description, ParameterType Type)
{
    public string? Default { get; init; }

    public bool Required { get; init; }

    /// <summary>What the whole text, or each item of a list, has to match.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>Bounds of a number or a size, of a text's length, or of how many items a list has.</summary>
    public string? Minimum { get; init; }

    public string? Maximum { get; init; }

    public ImmutableArray<string> Choices { get; init; } = [];
}

/// <summary>A folder with template.yaml and the files to render: <c>*.scriban</c>, less that ending.</summary>
internal sealed partial record Template(string Name, string Description, string Folder, ImmutableArray<TemplateParameter> Parameters)
{
    public const string FileName = "template.yaml";

    private static readonly ImmutableHashSet<string> ParameterKeys =
        ["name", "description", "type", "default", "required", "pattern", "minimum", "maximum", "choices"];

    /// <exception cref="WorkspaceException">Its template.yaml is wrong.</exception>
    public static Template Load(string folder)
    {
        var name = Path.GetFileName(folder);
        var shownAs = $"{name}/{FileName}";
        var top = YamlText.Parse(YamlText.ReadFile(Path.Combine(folder, FileName), shownAs), shownAs);
        var parameters = top.Find("parameters") switch
        {
            null or { IsNull: true } => [],
            YamlNode.Sequence list => list.Items.Select(ReadParameter).ToImmutableArray(),
            var other => throw Bad(other.Place, "'parameters' has to be a list"),
        };
        return parameters.GroupBy(parameter => parameter.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw Bad(top.Place, $"the parameter '{twice.Key}' is there twice")
            : new Template(name, (top.Find("description") as YamlNode.Scalar)?.Text ?? "", folder, parameters);
    }

    private static TemplateParameter ReadParameter(YamlNode node)
    {
        var map = node as YamlNode.Mapping ?? throw Bad(node.Place, "a parameter has to be a mapping with name, description and type");
        if (map.Entries.FirstOrDefault(entry => !ParameterKeys.Contains(entry.Key.Text)) is { } strange)
        {
            throw Bad(strange.Key.Place, $"a parameter has no '{strange.Key.Text}'; there are {string.Join(", ", ParameterKeys.Order(StringComparer.Ordinal))}");
        }

        var name = TextAt("name");
        if (name is null || !NamePattern().IsMatch(name) || name is "stack" or "class_name" or "project")
        {
            throw Bad(map.Place, $"'{name}' is no name of a parameter: lower case letters, digits and '_', and none that every template has (stack, class_name, project)");
        }

        var type = TextAt("type") ?? "string";
        return new TemplateParameter(
            name, (TextAt("description") ?? "").TrimEnd('.'),
            Enum.TryParse<ParameterType>(type, ignoreCase: true, out var known) && char.IsAsciiLetter(type[0])
                ? known
                : throw Bad(map.Place, $"'{type}' is no type of a parameter; there are string, int, bool, size and list"))
        {
            Default = TextAt("default"),
            Required = TextAt("required") == "true" || map.Find("default") is null,
            Pattern = TextAt("pattern") is { } pattern ? ReadPattern(pattern) : null,
            Minimum = TextAt("minimum"),
            Maximum = TextAt("maximum"),
            Choices = map.Find("choices") is YamlNode.Sequence choices ? [.. choices.Items.OfType<YamlNode.Scalar>().Select(choice => choice.Text)] : [],
        };

        string? TextAt(string key) => map.Find(key) switch
        {
            null => null,
            YamlNode.Scalar scalar => scalar.Text,
            YamlNode.Sequence list => string.Join(",", list.Items.OfType<YamlNode.Scalar>().Select(item => item.Text)),
            var other => throw Bad(other.Place, $"'{key}' has to be text"),
        };

        Regex ReadPattern(string pattern)
        {
            try
            {
                return new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                throw Bad(map.Place, $"'{pattern}' is no usable pattern ({exception.Message})");
            }
        }
    }

    private static WorkspaceException Bad(SourcePlace place, string why) => new(TemplateDiagnostics.BadTemplate(place, why));

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*\z")]
    private static partial Regex NamePattern();
}
