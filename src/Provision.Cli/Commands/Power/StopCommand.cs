using Provision.Cli.Workloads;
using Provision.Engine.Contract;

namespace Provision.Cli.Commands.Power;

/// <summary><c>provision stop</c>: shuts machines and containers down.</summary>
internal sealed class StopCommand : PowerCommand
{
    public StopCommand(CommandRunner runner) : base(runner, "stop", "Shut machines and containers down") => AddAll(Timeout, Force);

    private protected override bool LeavesRunning => false;

    private protected override Task<string> ActAsync(WorkloadPower power, Workload workload, WorkloadLook look, IStepProgress progress, CancellationToken cancellationToken) =>
        power.StopAsync(workload, look, progress, cancellationToken);
}
