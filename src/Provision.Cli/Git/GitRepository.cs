namespace Provision.Cli.Git;

/// <summary>The git repository that a folder is in. Only read: neither its index nor its working tree nor its references are changed.</summary>
internal sealed class GitRepository
{
    private GitRepository(string root, string prefix, bool isShallow) => (Root, Prefix, IsShallow) = (root, prefix, isShallow);

    /// <summary>The working tree's top, absolute.</summary>
    public string Root { get; }

    /// <summary>The folder's path in it, with a slash at its end; empty where it is the top.</summary>
    public string Prefix { get; }

    /// <summary>Whether only the youngest part of its history is here.</summary>
    public bool IsShallow { get; }

    /// <exception cref="CliException">The folder is in none, or git refuses to look at it.</exception>
    public static async Task<GitRepository> FindAsync(string folder, CancellationToken cancellationToken)
    {
        var result = await GitProcess.RunAsync(folder, ["rev-parse", "--show-toplevel", "--show-prefix", "--is-shallow-repository"], cancellationToken);
        return result.Succeeded && result.Text.Split('\n') is [var root, var prefix, var shallow]
            ? new GitRepository(root, prefix, shallow == "true")
            : throw new CliException(ExitCode.Configuration, GitDiagnostics.NoRepository(folder, result.Error));
    }

    /// <summary>The commit that a revision means.</summary>
    /// <exception cref="CliException">It means none.</exception>
    public async Task<string> ResolveAsync(string revision, CancellationToken cancellationToken)
    {
        if (await FindCommitAsync(revision, cancellationToken) is { } commit)
        {
            return commit;
        }

        var elsewhere = await FindCommitAsync($"origin/{revision}", cancellationToken) is null ? null : $"origin/{revision}";
        throw new CliException(ExitCode.Configuration, GitDiagnostics.UnknownRevision(revision, elsewhere, IsShallow));
    }

    /// <summary>Where two lines of commits parted.</summary>
    /// <exception cref="CliException">They have nothing in common, as far as the history is here.</exception>
    public async Task<string> MergeBaseAsync(string one, string other, CancellationToken cancellationToken)
    {
        var result = await GitProcess.RunAsync(Root, ["merge-base", one, other], cancellationToken);
        return result.Succeeded ? result.Text : throw new CliException(ExitCode.Configuration, GitDiagnostics.NoMergeBase(one, other, IsShallow));
    }

    private async Task<string?> FindCommitAsync(string revision, CancellationToken cancellationToken)
    {
        var result = await GitProcess.RunAsync(Root, ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], cancellationToken);
        return result.Succeeded ? result.Text : null;
    }
}
