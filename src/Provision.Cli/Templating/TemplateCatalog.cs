using System.Collections.Immutable;
using Provision.Cli.Projects;

namespace Provision.Cli.Templating;

/// <summary>The templates at hand: a workspace's own, in its templates folder, and those that came with the tool. One of the workspace hides one of its name.</summary>
internal sealed class TemplateCatalog
{
    private readonly ImmutableSortedDictionary<string, string> _folders;

    private TemplateCatalog(IEnumerable<string> places)
    {
        var folders = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var folder in places.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Where(folder => File.Exists(Path.Combine(folder, Template.FileName))))
        {
            folders.TryAdd(Path.GetFileName(folder), folder);
        }

        _folders = folders.ToImmutable();
    }

    /// <summary>Those of the workspace, if any, and those beside the executable.</summary>
    public static TemplateCatalog Open(ProjectFile? project) => new(
        [.. project is null ? [] : new[] { Path.Combine(project.Folder, "templates") }, Path.Combine(AppContext.BaseDirectory, "templates")]);

    public ImmutableArray<string> Names => [.. _folders.Keys];

    /// <summary>All of them, in the order of their names.</summary>
    /// <exception cref="WorkspaceException">One is wrong.</exception>
    public ImmutableArray<Template> List() => [.. _folders.Values.Select(Template.Load)];

    /// <exception cref="WorkspaceException">There is none of that name, or it is wrong.</exception>
    public Template Find(string name) => _folders.TryGetValue(name, out var folder)
        ? Template.Load(folder)
        : throw new WorkspaceException(TemplateDiagnostics.Unknown(name, Names, Loading.Names.Nearest(name, Names)));
}
