using System.CommandLine;
using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands.Snapshots;

/// <summary><c>provision snapshot rm</c></summary>
internal sealed class SnapshotRemoveCommand : MachineCommand
{
    private readonly Argument<string> _snapshot = new("name") { Description = "The snapshot" };

    public SnapshotRemoveCommand(CommandRunner runner) : base(runner, "rm", "Forget a snapshot; the machine stays as it is") => Add(_snapshot);

    private protected override async Task RunAsync(Invocation invocation, Workload machine, IMachineAccess machines)
    {
        var name = invocation.Parse.GetRequiredValue(_snapshot);
        SnapshotLookup.Find(await machines.SnapshotsAsync(machine.Id, invocation.Token), machine, name);
        await machines.DeleteSnapshotAsync(machine.Id, name, invocation.Token);
        invocation.Out.Line($"Forgot '{name}'.");
    }
}
