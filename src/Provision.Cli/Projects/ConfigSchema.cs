using System.Collections.Immutable;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Projects;

/// <summary>The types Pulumi.yaml can declare a setting with.</summary>
internal enum ConfigType
{
    Any,
    String,
    Integer,
    Boolean,
    Array,
    Object,
}

/// <summary>One setting that Pulumi.yaml declares: with a type, a default, or a value for all stacks that set no other.</summary>
internal sealed record ConfigDeclaration(
    ConfigKey Key, string WrittenAs, ConfigType Type, ConfigType ItemType, ConfigValue? Default, ConfigValue? Value, bool Secret, string? Description, SourcePlace Place);

/// <summary>The <c>config</c> section of Pulumi.yaml.</summary>
internal sealed record ConfigSchema(string Project, ImmutableArray<ConfigDeclaration> Declarations)
{
    public static readonly ConfigSchema Empty = new("", []);

    private static readonly ImmutableHashSet<string> DeclarationKeys = ["type", "items", "description", "default", "value", "secret"];

    /// <exception cref="WorkspaceException">Declarations are wrong; all of them are listed.</exception>
    public static ConfigSchema Read(YamlNode.Mapping section, string project)
    {
        var declarations = ImmutableArray.CreateBuilder<ConfigDeclaration>();
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var entry in section.Entries)
        {
            if (!ConfigKey.TryParse(entry.Key.Text, project, out var key))
            {
                problems.Add(ProjectDiagnostics.BadConfigKey(entry.Key.Text, entry.Key.Place));
            }
            else if (declarations.Any(other => other.Key == key))
            {
                problems.Add(ProjectDiagnostics.ConfigKeyTwice(entry.Key.Text, entry.Key.Place));
            }
            else
            {
                declarations.Add(ReadOne(key, entry, project, problems));
            }
        }

        return problems.Count > 0 ? throw new WorkspaceException(problems.ToImmutable()) : new ConfigSchema(project, declarations.ToImmutable());
    }

    private static ConfigDeclaration ReadOne(ConfigKey key, YamlNode.Entry entry, string project, ImmutableArray<Diagnostic>.Builder problems)
    {
        var written = entry.Key.Text;
        var map = entry.Value as YamlNode.Mapping;
        if (map is null || map.Entries.Length == 0 || !map.Entries.All(member => DeclarationKeys.Contains(member.Key.Text)))
        {
            return new ConfigDeclaration(key, written, ConfigType.Any, ConfigType.Any, null, ConfigValue.From(entry.Value), false, null, entry.Key.Place);
        }

        var declaration = new ConfigDeclaration(
            key, written, TypeAt(map, "type"), map.Find("items") is YamlNode.Mapping items ? TypeAt(items, "type") : ConfigType.Any,
            map.Find("default") is { } given ? ConfigValue.From(given) : null,
            map.Find("value") is { } value ? ConfigValue.From(value) : null,
            map.Find("secret") is YamlNode.Scalar { Text: "true" },
            (map.Find("description") as YamlNode.Scalar)?.Text,
            entry.Key.Place);
        if (key.Namespace != project && (map.Find("type") is not null || map.Find("default") is not null))
        {
            problems.Add(ProjectDiagnostics.BadDeclaration(written, entry.Key.Place, "belongs to another namespace and may only have a 'value'"));
        }
        else if (declaration is { Default: not null, Value: not null })
        {
            problems.Add(ProjectDiagnostics.BadDeclaration(written, entry.Key.Place, "has both a 'default' and a 'value'"));
        }
        else if ((declaration.Default ?? declaration.Value) is { } fallback && !Fits(fallback, declaration.Type, declaration.ItemType))
        {
            problems.Add(ProjectDiagnostics.WrongConfigType(written, fallback.Place, Words(declaration.Type, declaration.ItemType)));
        }

        return declaration;

        ConfigType TypeAt(YamlNode.Mapping holder, string member)
        {
            var text = (holder.Find(member) as YamlNode.Scalar)?.Text;
            if (text is null)
            {
                return ConfigType.Any;
            }

            if (Enum.TryParse<ConfigType>(text, ignoreCase: true, out var type) && type != ConfigType.Any && !char.IsAsciiDigit(text[0]))
            {
                return type;
            }

            problems.Add(ProjectDiagnostics.BadDeclaration(
                written, holder.Place, $"has the type '{text}'; there are string, integer, boolean, array and object"));
            return ConfigType.Any;
        }
    }

    /// <summary>The settings of a stack: its own, and what the project gives those it does not have.</summary>
    /// <exception cref="WorkspaceException">Settings are missing or of the wrong type; all of them are listed.</exception>
    public ImmutableSortedDictionary<ConfigKey, ConfigValue> Apply(string stack, ImmutableSortedDictionary<ConfigKey, ConfigValue> own)
    {
        var effective = own;
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        var missing = new List<string>();
        foreach (var declaration in Declarations)
        {
            if (own.TryGetValue(declaration.Key, out var value))
            {
                if (!Fits(value, declaration.Type, declaration.ItemType))
                {
                    problems.Add(ProjectDiagnostics.WrongConfigType(declaration.WrittenAs, value.Place, Words(declaration.Type, declaration.ItemType)));
                }
            }
            else if ((declaration.Value ?? declaration.Default) is { } fallback)
            {
                effective = effective.Add(declaration.Key, fallback);
            }
            else if (declaration.Type != ConfigType.Any)
            {
                missing.Add(declaration.WrittenAs);
            }
        }

        if (missing.Count > 0)
        {
            problems.Insert(0, ProjectDiagnostics.MissingConfig(stack, Project, missing));
        }

        return problems.Count > 0 ? throw new WorkspaceException(problems.ToImmutable()) : effective;
    }

    // What 'config set' wrote is quoted, and a secret cannot be looked into here: both pass where their text might.
    private static bool Fits(ConfigValue value, ConfigType type, ConfigType itemType) => (type, value) switch
    {
        (ConfigType.Any, _) or (_, ConfigValue.Secure) => true,
        (ConfigType.Integer, ConfigValue.Scalar scalar) => long.TryParse(scalar.Text, out _),
        (ConfigType.Boolean, ConfigValue.Scalar scalar) => bool.TryParse(scalar.Text, out _),
        (ConfigType.String, ConfigValue.Scalar scalar) => !scalar.IsNull,
        (ConfigType.Array, ConfigValue.List list) => list.Items.All(item => Fits(item, itemType, ConfigType.Any)),
        (ConfigType.Object, ConfigValue.Map) => true,
        _ => false,
    };

    private static string Words(ConfigType type, ConfigType itemType) => type switch
    {
        ConfigType.Integer => "a whole number",
        ConfigType.Boolean => "true or false",
        ConfigType.Array => itemType == ConfigType.Any ? "a list" : $"a list, each item {Words(itemType, ConfigType.Any)}",
        ConfigType.Object => "a mapping",
        _ => "text",
    };
}
