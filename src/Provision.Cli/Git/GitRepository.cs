namespace Provision.Cli.Git;

/// <summary>The git repository that a folder is in. Only read: neither its index nor its working tree nor its references are changed.</summary>
internal sealed class GitRepository
{
    private const int Facts = 3;

    private readonly Dictionary<string, string> _commits = new(StringComparer.Ordinal);

    private GitRepository(string root, string prefix, bool isShallow) => (Root, Prefix, IsShallow) = (root, prefix, isShallow);

    /// <summary>The working tree's top, absolute.</summary>
    public string Root { get; }

    /// <summary>The folder's path in it, with a slash at its end; empty where it is the top.</summary>
    public string Prefix { get; }

    /// <summary>Whether only the youngest part of its history is here.</summary>
    public bool IsShallow { get; }

    /// <param name="folder">Where to look.</param>
    /// <param name="revisions">What is going to be resolved: asked for with the same call, which each costs a moment.</param>
    /// <exception cref="CliException">The folder is in none, or git refuses to look at it.</exception>
    public static GitRepository Find(string folder, IReadOnlyList<string> revisions, CancellationToken cancellationToken)
    {
        // One that looks like an option is left to Resolve, and so are all where one is unknown: only the call of its own tells which.
        var asked = revisions.Any(revision => revision.StartsWith('-')) ? [] : revisions;
        var result = RevParse(folder, asked, cancellationToken);
        if (!result.Succeeded && asked.Count > 0)
        {
            asked = [];
            result = RevParse(folder, asked, cancellationToken);
        }

        var lines = result.Text.Split('\n');
        if (!result.Succeeded || lines.Length != Facts + asked.Count)
        {
            throw new CliException(ExitCode.Configuration, GitDiagnostics.NoRepository(folder, result.Error));
        }

        var repository = new GitRepository(lines[0], lines[1], lines[2] == "true");
        for (var i = 0; i < asked.Count; i++)
        {
            repository._commits[asked[i]] = lines[Facts + i];
        }

        return repository;
    }

    /// <summary>The commit that a revision means.</summary>
    /// <exception cref="CliException">It means none.</exception>
    public string Resolve(string revision, CancellationToken cancellationToken)
    {
        if (_commits.GetValueOrDefault(revision) is { } known)
        {
            return known;
        }

        if (FindCommit(revision, cancellationToken) is { } commit)
        {
            return commit;
        }

        var elsewhere = FindCommit($"origin/{revision}", cancellationToken) is null ? null : $"origin/{revision}";
        throw new CliException(ExitCode.Configuration, GitDiagnostics.UnknownRevision(revision, elsewhere, IsShallow));
    }

    /// <summary>Where two lines of commits parted.</summary>
    /// <exception cref="CliException">They have nothing in common, as far as the history is here.</exception>
    public string MergeBase(string one, string other, CancellationToken cancellationToken)
    {
        var result = GitProcess.Run(Root, ["merge-base", one, other], cancellationToken);
        return result.Succeeded ? result.Text : throw new CliException(ExitCode.Configuration, GitDiagnostics.NoMergeBase(one, other, IsShallow));
    }

    private static GitResult RevParse(string folder, IReadOnlyList<string> revisions, CancellationToken cancellationToken) => GitProcess.Run(
        folder, ["rev-parse", "--show-toplevel", "--show-prefix", "--is-shallow-repository", .. revisions.Select(revision => revision + "^{commit}")], cancellationToken);

    private string? FindCommit(string revision, CancellationToken cancellationToken)
    {
        var result = GitProcess.Run(Root, ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], cancellationToken);
        return result.Succeeded ? result.Text : null;
    }
}
