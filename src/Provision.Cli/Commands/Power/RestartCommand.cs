using Provision.Cli.Workloads;
using Provision.Engine.Contract;

namespace Provision.Cli.Commands.Power;

/// <summary><c>provision restart</c>: shuts machines and containers down and starts them again.</summary>
internal sealed class RestartCommand : PowerCommand
{
    public RestartCommand(CommandRunner runner) : base(runner, "restart", "Shut machines and containers down, and start them again") => AddAll(Timeout, Force);

    private protected override bool LeavesRunning => true;

    private protected override Task<string> ActAsync(WorkloadPower power, Workload workload, WorkloadLook look, IStepProgress progress, CancellationToken cancellationToken) =>
        power.RestartAsync(workload, look, progress, cancellationToken);
}
