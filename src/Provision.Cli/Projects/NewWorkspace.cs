using System.Collections.Immutable;

namespace Provision.Cli.Projects;

/// <summary>A workspace where there is none yet: what its first files say.</summary>
internal static class NewWorkspace
{
    private const string UsualName = "labs";

    /// <summary>The project that the files of <see cref="Files"/> will make of the folder.</summary>
    public static ProjectFile Project(string folder) => ProjectFile.Parse(ProjectText(folder), PathOf(folder));

    /// <summary>Paths and contents; a .gitignore only where there is none, for what stands there is the user's.</summary>
    public static ImmutableArray<(string Path, string Text)> Files(string folder)
    {
        var ignored = Path.Combine(folder, ".gitignore");
        return File.Exists(ignored)
            ? [(PathOf(folder), ProjectText(folder))]
            : [(PathOf(folder), ProjectText(folder)), (ignored, "# State, journals and locks: not for the repository.\n.pulumi/\n")];
    }

    private static string PathOf(string folder) => Path.Combine(folder, "Pulumi.yaml");

    private static string ProjectText(string folder) =>
        $"""
        name: {NameOf(folder)}
        runtime: dotnet
        main: stacks
        stackConfigDir: stacks
        backend:
          url: file://.

        """;

    /// <summary>The folder's name, as far as a project may be called so.</summary>
    private static string NameOf(string folder)
    {
        var letters = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)).Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
        var name = string.Concat(letters.Take(100)).Trim('.', '-');
        return name.Any(char.IsAsciiLetter) ? name : UsualName;
    }
}
