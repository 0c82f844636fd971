using Provision.Engine.State;

namespace Provision.Cli.Commands.State;

/// <summary><c>provision state repair</c>: makes a state that contradicts itself whole again.</summary>
internal sealed class StateRepairCommand(CommandRunner runner)
    : StateEditCommand(runner, "repair", "Make a state that contradicts itself whole again")
{
    private protected override bool SkipChecks => true;

    private protected override string Question(Invocation invocation) => "Write the repaired state?";

    private protected override StateEdit Edit(Invocation invocation, Snapshot snapshot) => StateEdits.Repair(snapshot);
}
