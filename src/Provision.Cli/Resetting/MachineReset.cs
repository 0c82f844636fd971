using System.Collections.Immutable;
using Provision.Cli.Workloads;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Resetting;

/// <summary>
/// Brings one machine back to clean, in an order that a next <c>up</c> can go on from wherever it ends: 1. power off; 2. drop snapshots;
/// 3. delete each volume and make it again, by the volume's own provider and recorded inputs, so that it is what <c>up</c> would make;
/// 4. start; 5. wait as <c>up</c> does. A volume that is gone the next <c>up</c> makes, and a machine that is off it starts.
/// </summary>
internal sealed class MachineReset(IMachineAccess machines, IResourceProvider volumes, TimeProvider clock)
{
    private readonly List<ResourceState> _made = [];

    /// <summary>The volumes made again so far, as they are to be recorded.</summary>
    public IReadOnlyList<ResourceState> Made => _made;

    /// <summary>How long our own work took: all but the machine's boot.</summary>
    public TimeSpan Work { get; private set; }

    /// <param name="plan">What to drop.</param>
    /// <param name="snapshots">Snapshots to drop before.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public async Task RunAsync(ResetPlan plan, ImmutableArray<MachineSnapshot> snapshots, IStepProgress progress, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var machine = plan.Machine;
        progress.Report("powering off");
        await machines.PowerOffAsync(machine.Id, cancellationToken); // 1
        foreach (var snapshot in snapshots.OrderByDescending(one => one.CreatedAt)) // 2
        {
            progress.Report($"dropping the snapshot {snapshot.Name}");
            await machines.DeleteSnapshotAsync(machine.Id, snapshot.Name, cancellationToken);
        }

        foreach (var volume in plan.Dropped) // 3
        {
            progress.Report($"making {volume.Urn.Name} anew");
            await volumes.DeleteAsync(new DeleteRequest(volume.Urn, volume.Id, volume.Inputs, volume.Outputs, null, progress), cancellationToken);
            var made = await volumes.CreateAsync(new CreateRequest(volume.Urn, volume.Inputs, null, progress), cancellationToken);
            _made.Add(volume with { Id = made.Id, Outputs = made.Outputs, Modified = clock.GetUtcNow() });
        }

        if (!WorkloadWords.ShallRun(machine))
        {
            Work = clock.GetElapsedTime(started);
            return;
        }

        progress.Report("starting");
        await machines.StartAsync(machine.Id, cancellationToken); // 4
        Work = clock.GetElapsedTime(started);
        await machines.WaitReadyAsync(machine.State, progress, cancellationToken); // 5
    }
}
