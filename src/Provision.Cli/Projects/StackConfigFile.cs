using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Cli.Projects;

/// <summary>
/// Pulumi.&lt;stack&gt;.yaml, as an immutable value: an edit gives a new one, <see cref="Save"/> writes it. Secrets are ciphertext in it and stay so.
/// </summary>
internal sealed class StackConfigFile
{
    /// <summary>Names a definition class in place of the one that the stack's own name leads to.</summary>
    public static readonly ConfigKey DefinitionKey = new("provision", "definition");

    private readonly YamlNode.Mapping _top;
    private readonly ImmutableDictionary<ConfigKey, string> _writtenAs;

    private StackConfigFile(string text, string path, string shownAs, string project, bool exists)
    {
        (Text, Path, ShownAs, Project, Exists) = (text, path, shownAs, project, exists);
        _top = YamlText.Parse(text, shownAs);
        (Config, _writtenAs) = ReadConfig(_top, project);
        EncryptionSalt = TextAt("encryptionsalt");
        SecretsProvider = TextAt("secretsprovider");
        EncryptedKey = TextAt("encryptedkey");
    }

    public string Text { get; }

    public string Path { get; }

    /// <summary>The path from the workspace's folder, for people.</summary>
    public string ShownAs { get; }

    public string Project { get; }

    public bool Exists { get; }

    public ImmutableSortedDictionary<ConfigKey, ConfigValue> Config { get; }

    public string? EncryptionSalt { get; }

    public string? SecretsProvider { get; }

    public string? EncryptedKey { get; }

    /// <summary>Reads the stack's file; where there is none yet, an empty one.</summary>
    /// <exception cref="WorkspaceException">The file, or the stack's name, is wrong.</exception>
    public static StackConfigFile Load(ProjectFile project, string stack)
    {
        var path = PathOf(project, stack);
        var shownAs = project.Relative(path);
        var exists = File.Exists(path);
        return new StackConfigFile(exists ? YamlText.ReadFile(path, shownAs) : "", path, shownAs, project.Name, exists);
    }

    public static string PathOf(ProjectFile project, string stack) =>
        System.IO.Path.Combine(project.ConfigFolder, $"Pulumi.{StackName.Check(stack)}.yaml");

    internal static StackConfigFile Parse(string text, string path, string project) => new(text, path, path, project, exists: true);

    public ConfigValue? Find(ConfigPath path) => ConfigTree.Find(Config.GetValueOrDefault(path.Key), path.Inside.Segments.AsSpan());

    /// <exception cref="WorkspaceException">The path goes through text or past a list's end, or the file's layout does not allow it.</exception>
    public StackConfigFile Set(ConfigPath path, ConfigValue value) => SetAt([.. ConfigSegments(path)], path.ToText(), value);

    /// <summary>Without the setting; the same where there was none.</summary>
    public StackConfigFile Remove(ConfigPath path)
    {
        if (Find(path) is null)
        {
            return this;
        }

        var segments = ConfigSegments(path).ToArray();
        return Edited(path.ToText(), () => YamlEdit.Remove(Text, _top, segments), () => ConfigTree.Remove(ConfigValue.From(_top), segments));
    }

    public StackConfigFile WithEncryptionSalt(string salt) => SetAt([new("encryptionsalt", -1)], "encryptionsalt", ConfigValue.Of(salt));

    /// <summary>Writes the file, or leaves it as it was.</summary>
    /// <exception cref="WorkspaceException">It could not be written.</exception>
    public StackConfigFile Save()
    {
        try
        {
            AtomicFile.Write(Path, Text);
            return new StackConfigFile(Text, Path, ShownAs, Project, exists: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkspaceException(ProjectDiagnostics.CannotWrite(ShownAs, exception.Message));
        }
    }

    private StackConfigFile SetAt(PropertyPath.Segment[] segments, string shown, ConfigValue value) =>
        Edited(shown, () => YamlEdit.Set(Text, _top, segments, value), () => ConfigTree.Set(ConfigValue.From(_top), segments, value));

    private StackConfigFile Edited(string shown, Func<string> edit, Func<ConfigValue> intend)
    {
        if (_top.Shared)
        {
            throw Refused("is in a file with YAML anchors or aliases, which one edit would change in several places");
        }

        try
        {
            var intended = intend();
            var edited = new StackConfigFile(edit(), Path, ShownAs, Project, Exists);
            return ConfigValue.From(edited._top).SameAs(intended) ? edited : throw Refused("stands in a layout that cannot be changed safely");
        }
        catch (FormatException exception)
        {
            throw Refused(exception.Message);
        }
        catch (WorkspaceException exception) when (exception.Diagnostics is [{ Code: "PROV1304" }])
        {
            throw Refused("stands in a layout that cannot be changed safely");
        }

        WorkspaceException Refused(string why) => new(ProjectDiagnostics.CannotEdit(ShownAs, shown, why));
    }

    private IEnumerable<PropertyPath.Segment> ConfigSegments(ConfigPath path) =>
        [new("config", -1), new(_writtenAs.GetValueOrDefault(path.Key) ?? path.Key.ToString(), -1), .. path.Inside.Segments];

    private static (ImmutableSortedDictionary<ConfigKey, ConfigValue> Config, ImmutableDictionary<ConfigKey, string> WrittenAs) ReadConfig(
        YamlNode.Mapping top, string project)
    {
        var config = ImmutableSortedDictionary.CreateBuilder<ConfigKey, ConfigValue>();
        var writtenAs = ImmutableDictionary.CreateBuilder<ConfigKey, string>();
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        var section = top.Find("config") switch
        {
            null or { IsNull: true } => null,
            YamlNode.Mapping map => map,
            var other => throw new WorkspaceException(ProjectDiagnostics.WrongKind(other.Place, "config", "a mapping (indented 'key: value' lines)")),
        };
        foreach (var entry in section?.Entries ?? [])
        {
            if (!ConfigKey.TryParse(entry.Key.Text, project, out var key))
            {
                problems.Add(ProjectDiagnostics.BadConfigKey(entry.Key.Text, entry.Key.Place));
            }
            else if (!writtenAs.TryAdd(key, entry.Key.Text))
            {
                problems.Add(ProjectDiagnostics.ConfigKeyTwice(entry.Key.Text, entry.Key.Place));
            }
            else
            {
                config.Add(key, ConfigValue.From(entry.Value) with { Place = entry.Key.Place });
            }
        }

        return problems.Count > 0 ? throw new WorkspaceException(problems.ToImmutable()) : (config.ToImmutable(), writtenAs.ToImmutable());
    }

    private string? TextAt(string key) => _top.Find(key) switch
    {
        null or { IsNull: true } => null,
        YamlNode.Scalar scalar => scalar.Text,
        var other => throw new WorkspaceException(ProjectDiagnostics.WrongKind(other.Place, key, "text")),
    };
}
