using System.CommandLine;
using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands.Snapshots;

/// <summary><c>provision snapshot rm</c></summary>
internal sealed class SnapshotRemoveCommand : MachineCommand
{
    private readonly Argument<string> _snapshot = new("name") { Description = "The snapshot" };

    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    public SnapshotRemoveCommand(CommandRunner runner) : base(runner, "rm", "Forget a snapshot; the machine stays as it is")
    {
        Add(_snapshot);
        Add(_yes);
    }

    private protected override void Prepare(Invocation invocation) => Questions.RefuseWithoutTerminal(invocation, invocation.Parse.GetValue(_yes));

    private protected override async Task RunAsync(Invocation invocation, Workload machine, IMachineAccess machines)
    {
        var name = invocation.Parse.GetRequiredValue(_snapshot);
        SnapshotLookup.Find(await machines.SnapshotsAsync(machine.Id, invocation.Token), machine, name);
        Questions.Demand(invocation, invocation.Parse.GetValue(_yes), $"Forget the snapshot '{name}' of '{machine.Name}'? There is no way back to it then.");
        await machines.DeleteSnapshotAsync(machine.Id, name, invocation.Token);
        invocation.Out.Line($"Forgot '{name}'.");
    }
}
