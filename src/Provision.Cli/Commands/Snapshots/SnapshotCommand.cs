using System.CommandLine;

namespace Provision.Cli.Commands.Snapshots;

/// <summary><c>provision snapshot</c>: saved states of a machine.</summary>
internal sealed class SnapshotCommand : Command
{
    public SnapshotCommand(CommandRunner runner) : base("snapshot", "Save a machine's state, and go back to it")
    {
        Add(new SnapshotCreateCommand(runner));
        Add(new SnapshotListCommand(runner));
        Add(new SnapshotRevertCommand(runner));
        Add(new SnapshotRemoveCommand(runner));
    }
}
