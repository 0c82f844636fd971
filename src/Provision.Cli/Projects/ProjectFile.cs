using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Provision.Cli.Projects;

/// <summary>A workspace: Pulumi.yaml and the folders it names. Keys that only Pulumi has a use for are read over.</summary>
internal sealed partial record ProjectFile
{
    private static readonly ImmutableArray<string> FileNames = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

    /// <summary>Pulumi.yaml itself, absolute.</summary>
    public required string Path { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Runtime { get; init; }

    /// <summary>Where the definitions are (<c>main</c>), absolute; it need not be there yet.</summary>
    public required string StacksFolder { get; init; }

    /// <summary>Where the Pulumi.&lt;stack&gt;.yaml files are (<c>stackConfigDir</c>), absolute.</summary>
    public required string ConfigFolder { get; init; }

    /// <summary><c>backend.url</c> as written; the environment may override it.</summary>
    public string? BackendUrl { get; init; }

    /// <summary><c>options.refresh: always</c>.</summary>
    public bool AlwaysRefresh { get; init; }

    /// <summary>Settings that the project declares for all its stacks.</summary>
    public ConfigSchema Schema { get; init; } = ConfigSchema.Empty;

    /// <summary>The workspace's folder, absolute.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? Path;

    /// <summary>Finds the workspace that a folder is in.</summary>
    /// <exception cref="ProjectNotFoundException">There is none.</exception>
    /// <exception cref="WorkspaceException">Its Pulumi.yaml is wrong.</exception>
    public static ProjectFile Find(string startFolder) => Load(FindPath(startFolder));

    /// <summary>The Pulumi.yaml of the workspace that a folder is in, absolute. Reads nothing.</summary>
    /// <exception cref="ProjectNotFoundException">There is none.</exception>
    public static string FindPath(string startFolder)
    {
        var start = System.IO.Path.GetFullPath(startFolder);
        for (var folder = start; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (FileNames.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path)
            {
                return path;
            }
        }

        throw new ProjectNotFoundException(ProjectDiagnostics.NoProject(start));
    }

    /// <exception cref="WorkspaceException">The file is wrong.</exception>
    public static ProjectFile Load(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var file = System.IO.Path.GetFileName(full);
        return Parse(YamlText.ReadFile(full, file), full);
    }

    internal static ProjectFile Parse(string text, string path)
    {
        var file = System.IO.Path.GetFileName(path);
        var top = YamlText.Parse(text, file);
        var folder = System.IO.Path.GetDirectoryName(path) ?? path;
        var name = TextAt(top, "name");
        if (name is null || !NamePattern().IsMatch(name))
        {
            throw new WorkspaceException(ProjectDiagnostics.BadProjectName(top.Find("name")?.Place ?? new SourcePlace(file, 0, 0), name));
        }

        // The old form 'config: folder' is stackConfigDir under another name.
        var oldConfigFolder = top.Find("config") is YamlNode.Scalar { IsNull: false } scalar ? scalar.Text : null;
        return new ProjectFile
        {
            Path = path,
            Name = name,
            Description = TextAt(top, "description"),
            Runtime = top.Find("runtime") is YamlNode.Mapping runtime ? TextAt(runtime, "name") : TextAt(top, "runtime"),
            StacksFolder = FolderAt(top, "main", TextAt(top, "main"), folder),
            ConfigFolder = FolderAt(top, "stackConfigDir", TextAt(top, "stackConfigDir") ?? oldConfigFolder, folder),
            BackendUrl = top.Find("backend") is { IsNull: false } backend ? TextAt(MappingOf(backend, "backend"), "url") : null,
            AlwaysRefresh = top.Find("options") is { IsNull: false } options && TextAt(MappingOf(options, "options"), "refresh") == "always",
            Schema = top.Find("config") is YamlNode.Mapping config ? ConfigSchema.Read(config, name) : ConfigSchema.Empty,
        };
    }

    /// <summary>The path from the workspace's folder, with forward slashes; as it is where it lies outside.</summary>
    public string Relative(string path)
    {
        var relative = System.IO.Path.GetRelativePath(Folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');
    }

    private static string FolderAt(YamlNode.Mapping top, string key, string? value, string folder)
    {
        if (value is null)
        {
            return folder;
        }

        var place = top.Find(key)?.Place ?? top.Place;
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(value, folder));
        if (full != folder && !full.StartsWith(folder.TrimEnd('/') + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new WorkspaceException(ProjectDiagnostics.BadFolder(place, key, value, "leads out of the workspace"));
        }

        return File.Exists(full) ? System.IO.Path.GetDirectoryName(full) ?? full : full;
    }

    private static YamlNode.Mapping MappingOf(YamlNode node, string key) =>
        node as YamlNode.Mapping ?? throw new WorkspaceException(ProjectDiagnostics.WrongKind(node.Place, key, "a mapping (indented 'key: value' lines)"));

    private static string? TextAt(YamlNode.Mapping map, string key) => map.Find(key) switch
    {
        null or { IsNull: true } => null,
        YamlNode.Scalar scalar => scalar.Text,
        var other => throw new WorkspaceException(ProjectDiagnostics.WrongKind(other.Place, key, "text")),
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,100}\z")]
    private static partial Regex NamePattern();
}
