using System.Collections.Immutable;
using System.Text;

namespace Provision.Cli.Git;

/// <summary>
/// Writes the files of a commit into a folder, as a checkout would: with the line ends and filters that are set for them there, through an index of its own,
/// and without running anybody's hooks. Not by <c>git archive</c>, which leaves out and rewrites files where attributes say so; not by
/// <c>git worktree</c>, which leaves a trace in the repository when it is killed.
/// </summary>
/// <param name="scratch">A folder for what is needed meanwhile, apart from where the files go.</param>
internal sealed class GitCheckout(string scratch, CancellationToken cancellationToken)
{
    private const string Submodule = "160000";

    // Somebody's settings of their working tree are not meant for ours.
    private static readonly string[] Apart = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];

    /// <param name="root">The working tree's top.</param>
    /// <param name="prefix">The folder of it that is wanted, with a slash at its end; empty for all.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="target">Where to; files keep their paths from the top. It is empty, or not there yet.</param>
    /// <returns>Submodules of which that commit is not here, so that their files are missing.</returns>
    /// <exception cref="CliException">Something of it is not here, or there is no room for it.</exception>
    public ImmutableArray<string> Write(string root, string prefix, string commit, string target)
    {
        Directory.CreateDirectory(target);
        var index = Path.Combine(scratch, Path.GetRandomFileName());
        var entries = prefix.Length == 0 ? WriteAll(root, commit, target, index) : WritePart(root, prefix, commit, target, index);
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in entries.Where(entry => entry.Mode == Submodule))
        {
            missing.AddRange(WriteSubmodule(root, entry, target));
        }

        return missing.ToImmutable();
    }

    /// <summary>In one call: each takes longer than to write the files of a small workspace.</summary>
    /// <returns>What there may be of submodules: git leaves their folders empty, and makes no other empty one.</returns>
    private Entry[] WriteAll(string root, string commit, string target, string index)
    {
        Demand(root, ["read-tree", "-m", "-u", "--no-sparse-checkout", "--no-recurse-submodules", commit], commit, index, target);
        return HasEmptyFolder(target) ? List(root, ".", commit, index) : [];
    }

    private Entry[] WritePart(string root, string prefix, string commit, string target, string index)
    {
        Demand(root, ["read-tree", commit], commit, index);
        var entries = List(root, prefix, commit, index);
        var files = string.Concat(entries.Where(entry => entry.Mode != Submodule).Select(entry => entry.Path + '\0'));
        Demand(root, ["checkout-index", "--quiet", "--force", "-z", "--stdin"], commit, index, target, Encoding.UTF8.GetBytes(files));
        return entries;
    }

    private Entry[] List(string root, string prefix, string commit, string index)
    {
        var listed = Demand(root, ["ls-files", "--stage", "-z", "--", prefix], commit, index);
        return [.. Encoding.UTF8.GetString(listed.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Entry.Parse)];
    }

    private ImmutableArray<string> WriteSubmodule(string root, Entry entry, string target)
    {
        var folder = Path.Combine(root, entry.Path);
        var isHere = Path.Exists(Path.Combine(folder, ".git"))
            && GitProcess.Run(folder, ["cat-file", "-e", entry.Id + "^{commit}"], cancellationToken).Succeeded;
        return isHere
            ? [.. Write(folder, "", entry.Id, Path.Combine(target, entry.Path)).Select(inner => $"{entry.Path}/{inner}")]
            : [entry.Path];
    }

    private GitResult Demand(string root, string[] command, string commit, string index, string? workTree = null, byte[]? input = null)
    {
        var result = GitProcess.Run(root, [.. Apart, .. command], cancellationToken, index, workTree, input);
        return result.Succeeded ? result : throw new CliException(ExitCode.Error, GitDiagnostics.CannotCheckOut(commit, result.Error));
    }

    private static bool HasEmptyFolder(string folder)
    {
        var entries = new DirectoryInfo(folder).GetFileSystemInfos();
        return entries.Length == 0 || entries.Any(entry => entry is DirectoryInfo { LinkTarget: null } && HasEmptyFolder(entry.FullName));
    }

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
