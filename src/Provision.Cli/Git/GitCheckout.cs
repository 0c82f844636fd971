using System.Collections.Immutable;
using System.Text;

namespace Provision.Cli.Git;

/// <summary>
/// Writes the files of a commit into a folder, as a checkout would: with the line ends and filters that are set for them, through an index of its own. Not by
/// <c>git archive</c>, which leaves out and rewrites files where attributes say so; not by <c>git worktree</c>, which leaves a trace in the repository when
/// it is killed.
/// </summary>
internal static class GitCheckout
{
    private const string Submodule = "160000";

    /// <param name="root">The working tree's top.</param>
    /// <param name="prefix">The folder of it that is wanted, with a slash at its end; empty for all.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="target">Where to; files keep their paths from the top.</param>
    /// <returns>Submodules of which that commit is not here, so that their files are missing.</returns>
    /// <exception cref="CliException">Something of it is not here, or there is no room for it.</exception>
    public static ImmutableArray<string> Write(string root, string prefix, string commit, string target, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        var index = target.TrimEnd('/') + ".index";
        try
        {
            Demand(GitProcess.Run(root, ["read-tree", commit], cancellationToken, index), commit);
            var listed = Demand(GitProcess.Run(root, ["ls-files", "--stage", "-z", "--", prefix.Length == 0 ? "." : prefix], cancellationToken, index), commit);
            var entries = Encoding.UTF8.GetString(listed.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Entry.Parse).ToArray();
            var files = string.Concat(entries.Where(entry => entry.Mode != Submodule).Select(entry => entry.Path + '\0'));
            Demand(
                GitProcess.Run(
                    root, ["checkout-index", "--quiet", "--force", "-z", "--stdin", $"--prefix={target.TrimEnd('/')}/"], cancellationToken, index, Encoding.UTF8.GetBytes(files)),
                commit);

            var missing = ImmutableArray.CreateBuilder<string>();
            foreach (var entry in entries.Where(entry => entry.Mode == Submodule))
            {
                missing.AddRange(WriteSubmodule(root, entry, target, cancellationToken));
            }

            return missing.ToImmutable();
        }
        finally
        {
            File.Delete(index);
        }
    }

    private static ImmutableArray<string> WriteSubmodule(string root, Entry entry, string target, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, entry.Path);
        var isHere = Path.Exists(Path.Combine(folder, ".git"))
            && GitProcess.Run(folder, ["cat-file", "-e", entry.Id + "^{commit}"], cancellationToken).Succeeded;
        return isHere
            ? [.. Write(folder, "", entry.Id, Path.Combine(target, entry.Path), cancellationToken).Select(inner => $"{entry.Path}/{inner}")]
            : [entry.Path];
    }

    private static GitResult Demand(GitResult result, string commit) =>
        result.Succeeded ? result : throw new CliException(ExitCode.Error, GitDiagnostics.CannotCheckOut(commit, result.Error));

    /// <summary>A line of the index: "100644 &lt;id&gt; 0\t&lt;path&gt;".</summary>
    private sealed record Entry(string Mode, string Id, string Path)
    {
        public static Entry Parse(string line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var words = line[..tab].Split(' ');
            return new Entry(words[0], words[1], line[(tab + 1)..]);
        }
    }
}
