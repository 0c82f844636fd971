using Provision.Cli.Workloads;
using Provision.Engine.Contract;

namespace Provision.Cli.Commands.Power;

/// <summary><c>provision start</c>: starts machines and containers, and waits until they answer.</summary>
internal sealed class StartCommand(CommandRunner runner)
    : PowerCommand(runner, "start", "Start machines and containers, and wait until they answer")
{
    private protected override bool LeavesRunning => true;

    private protected override Task<string> ActAsync(WorkloadPower power, Workload workload, WorkloadLook look, IStepProgress progress, CancellationToken cancellationToken) =>
        power.StartAsync(workload, look, progress, cancellationToken);
}
