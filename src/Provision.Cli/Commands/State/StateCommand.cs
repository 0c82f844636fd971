using System.CommandLine;

namespace Provision.Cli.Commands.State;

/// <summary><c>provision state</c>: edits of what is recorded; nothing real is touched.</summary>
internal sealed class StateCommand : Command
{
    public StateCommand(CommandRunner runner) : base("state", "Edit what is recorded; nothing real is touched")
    {
        Add(new StateListCommand(runner));
        Add(new StateGetCommand(runner));
        Add(new StateDeleteCommand(runner));
        Add(new StateProtectCommand(runner, protect: true));
        Add(new StateProtectCommand(runner, protect: false));
        Add(new StateRenameCommand(runner));
        Add(new StateMoveCommand(runner));
        Add(new StateRepairCommand(runner));
    }
}
