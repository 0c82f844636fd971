using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Provision.Cli.Projects;

namespace Provision.Cli.Loading;

/// <summary>One C# file of the definitions: its path from the workspace's folder, its content and the content's hash.</summary>
internal sealed partial record SourceFile(string Path, ImmutableArray<byte> Content, string Hash)
{
    private static readonly ImmutableHashSet<string> Skipped = ["bin", "obj", "artifacts", "node_modules"];

    /// <summary>
    /// All C# files below <c>main</c>, in the order of their paths. Build output, hidden folders, other projects and workspaces inside, and what
    /// links lead to are left out.
    /// </summary>
    public static ImmutableArray<SourceFile> ReadAll(ProjectFile project)
    {
        var files = new List<SourceFile>();
        if (Directory.Exists(project.StacksFolder))
        {
            Collect(project, new DirectoryInfo(project.StacksFolder), files);
        }

        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>Names of definition classes as the text shows them, without compiling; misses what is derived over corners.</summary>
    public IEnumerable<string> FindDefinitionNames() =>
        ClassPattern().Matches(System.Text.Encoding.UTF8.GetString(Content.AsSpan())).Select(match => match.Groups["name"].Value);

    private static void Collect(ProjectFile project, DirectoryInfo folder, List<SourceFile> files)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.') || entry.LinkTarget is not null)
            {
                continue;
            }

            if (entry is DirectoryInfo inner)
            {
                if (!Skipped.Contains(inner.Name) && !inner.EnumerateFiles("*.csproj").Any() && !inner.EnumerateFiles("Pulumi.yaml").Any())
                {
                    Collect(project, inner, files);
                }
            }
            else if (entry.Extension == ".cs")
            {
                var content = Read(entry.FullName, project.Relative(entry.FullName));
                files.Add(new SourceFile(project.Relative(entry.FullName), [.. content], Convert.ToHexStringLower(SHA256.HashData(content))));
            }
        }
    }

    private static byte[] Read(string path, string shownAs)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkspaceException(ProjectDiagnostics.FileUnreadable(shownAs, exception.Message));
        }
    }

    [GeneratedRegex(@"^(?!\s*//)[^\n""]*?\bclass\s+(?<name>\w+)\s*(\([^)\n]*\))?\s*:\s*([\w.]+\.)?StackDefinition\b", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ClassPattern();
}
