using System.CommandLine;
using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands.Snapshots;

/// <summary><c>provision snapshot revert</c></summary>
internal sealed class SnapshotRevertCommand : MachineCommand
{
    private readonly Argument<string> _snapshot = new("name") { Description = "The snapshot" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    public SnapshotRevertCommand(CommandRunner runner) : base(runner, "revert", "Put a machine back to a snapshot; what came after is lost")
    {
        Add(_snapshot);
        Add(_yes);
    }

    private protected override void Prepare(Invocation invocation) => Questions.RefuseWithoutTerminal(invocation, invocation.Parse.GetValue(_yes));

    private protected override async Task RunAsync(Invocation invocation, Workload machine, IMachineAccess machines)
    {
        var name = invocation.Parse.GetRequiredValue(_snapshot);
        var known = await machines.SnapshotsAsync(machine.Id, invocation.Token);
        var snapshot = SnapshotLookup.Find(known, machine, name);
        Questions.Demand(invocation, invocation.Parse.GetValue(_yes), $"Put '{machine.Name}' back to '{name}', with all its disks? What came after is lost.");
        await machines.RevertSnapshotAsync(machine.Id, name, invocation.Token);
        invocation.Out.Line($"'{machine.Name}' is back at '{name}' ({(snapshot.State == "shutoff" ? "off" : snapshot.State)}).");
    }
}
