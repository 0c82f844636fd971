using Provision.Engine.Contract;

namespace Provision.Cli.Workloads;

/// <summary>Starts and stops machines and containers.</summary>
/// <param name="reach">The daemons.</param>
/// <param name="limit">How long to wait for a shutdown; null for what the stack says.</param>
/// <param name="force">Take the power away at once.</param>
internal sealed class WorkloadPower(WorkloadReach reach, TimeSpan? limit, bool force)
{
    /// <summary>Where the stack says nothing; as long as <c>up</c> waits.</summary>
    private static readonly TimeSpan DefaultShutdown = TimeSpan.FromSeconds(30);

    /// <summary>Starts it, and waits until it answers as <c>up</c> would wait. Returns what was done.</summary>
    public async Task<string> StartAsync(Workload workload, WorkloadLook look, IStepProgress progress, CancellationToken cancellationToken)
    {
        switch (look.State)
        {
            case SeenState.Running:
                return "runs already";
            case SeenState.Gone or SeenState.Unreachable:
                throw new CliException(ExitCode.Resource, CliDiagnostics.NothingRuns(workload.Name, $"it is {look.Word}."));
        }

        await ActuallyStartAsync(workload, progress, cancellationToken);
        return look.State == SeenState.Paused ? "goes on" : "started";
    }

    /// <summary>Stops it and waits. Returns what was done.</summary>
    public async Task<string> StopAsync(Workload workload, WorkloadLook look, IStepProgress progress, CancellationToken cancellationToken)
    {
        switch (look.State)
        {
            case SeenState.Off:
                return "is off already";
            case SeenState.Gone or SeenState.Unreachable:
                throw new CliException(ExitCode.Resource, CliDiagnostics.NothingRuns(workload.Name, $"it is {look.Word}."));
        }

        if (workload.Kind == WorkloadKind.Container)
        {
            progress.Report("stopping");
            await reach.Docker(workload).StopAsync(workload.Id, force ? TimeSpan.Zero : limit, cancellationToken);
            return force ? "killed" : "stopped";
        }

        var machines = reach.Machines(workload);

        // Nobody in a paused machine hears that it shall shut down.
        if (force || look.State == SeenState.Paused)
        {
            await machines.PowerOffAsync(workload.Id, cancellationToken);
            return "powered off";
        }

        var time = limit ?? WorkloadWords.ShutdownLimit(workload) ?? DefaultShutdown;
        return await machines.ShutDownAsync(workload.Id, time, progress, cancellationToken) ? "shut down" : $"powered off: it did not shut down within {time.TotalSeconds:0} s";
    }

    public async Task<string> RestartAsync(Workload workload, WorkloadLook look, IStepProgress progress, CancellationToken cancellationToken)
    {
        var stopped = await StopAsync(workload, look, progress, cancellationToken);
        await ActuallyStartAsync(workload, progress, cancellationToken);
        return look.State == SeenState.Off ? "started" : $"{stopped}, started";
    }

    private async Task ActuallyStartAsync(Workload workload, IStepProgress progress, CancellationToken cancellationToken)
    {
        progress.Report("starting");
        if (workload.Kind == WorkloadKind.Container)
        {
            await reach.Docker(workload).StartAsync(workload.Id, cancellationToken);
            return;
        }

        var machines = reach.Machines(workload);
        await machines.StartAsync(workload.Id, cancellationToken);
        await machines.WaitReadyAsync(workload.State, progress, cancellationToken);
    }
}
