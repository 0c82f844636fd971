using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands.Snapshots;

/// <summary>A command about one machine: finds it, opens its hypervisor, and closes the state again.</summary>
internal abstract class MachineCommand : ProvisionCommand
{
    private readonly WorkloadArgument _name = new("machine", WorkloadKind.Machine);

    private protected MachineCommand(CommandRunner runner, string name, string description) : base(runner, name, description) => Add(_name);

    public sealed override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        Prepare(invocation);
        Workload machine;
        IMachineAccess machines;
        await using (var stack = await WorkloadStack.ReadAsync(invocation, $"snapshot {Name}", invocation.Parse.GetRequiredValue(_name)))
        {
            machine = stack.One(WorkloadKind.Machine);
            machines = invocation.Composition.OpenMachines(machine.ProviderInputs(stack.Snapshot));
        }

        await using (machines)
        {
            await RunAsync(invocation, machine, machines);
        }

        return ExitCode.Success;
    }

    /// <summary>Refuses what will be refused anyway, before anything is opened.</summary>
    private protected virtual void Prepare(Invocation invocation)
    {
    }

    private protected abstract Task RunAsync(Invocation invocation, Workload machine, IMachineAccess machines);
}
