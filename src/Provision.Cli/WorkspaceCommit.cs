using Provision.Cli.Git;

namespace Provision.Cli;

/// <summary>What a workspace's files are, as far as git knows.</summary>
/// <param name="Id">The commit.</param>
/// <param name="IsDirty">Files differ from it, or are unknown to it.</param>
internal sealed record WorkspaceCommit(string Id, bool IsDirty)
{
    /// <summary>Null where the folder is in no repository, or git is not there: nothing depends on it.</summary>
    public static WorkspaceCommit? Find(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var head = GitProcess.Run(folder, ["rev-parse", "--verify", "--quiet", "HEAD"], cancellationToken);
            if (!head.Succeeded)
            {
                return null;
            }

            var status = GitProcess.Run(folder, ["status", "--porcelain", "--", "."], cancellationToken);
            return new WorkspaceCommit(head.Text, !status.Succeeded || status.Text.Length > 0);
        }
        catch (CliException)
        {
            return null;
        }
    }
}
