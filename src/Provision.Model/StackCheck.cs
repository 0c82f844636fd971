using System.Collections.Immutable;
using Provision.Model.Checks;

namespace Provision.Model;

/// <summary>
/// Finds every mistake in a stack at once, before anything is touched. Pure, and linear in the size of the stack: it runs before every preview.
/// </summary>
public static class StackCheck
{
    /// <summary>All problems, in the order of the stack; none means that it can be lowered.</summary>
    /// <param name="stack">What a definition gave.</param>
    /// <param name="stackName">The stack's name, which is part of every physical name; null where it is not known.</param>
    public static ImmutableArray<Problem> Run(Stack stack, string? stackName = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var problems = new ProblemList();
        if (stack.Hosts.IsEmpty)
        {
            problems.Add(StackProblems.Empty());
            return problems.ToImmutable();
        }

        var scope = Scope.Of(stack);
        var addresses = MachineAddresses.Of(stack, stackName ?? "");
        NameChecks.Run(stack, stackName, problems);
        EngineChecks.Run(stack, problems);
        HypervisorChecks.RunAll(stack, problems);
        foreach (var host in stack.Hosts)
        {
            var place = Place.Of(host);
            HostChecks.Run(host, place, problems);
            NetworkChecks.Run(host, addresses, place, problems);
            ImageChecks.Run(host, place, problems);
            PortChecks.Run(host, place, problems);
            foreach (var container in host.Containers)
            {
                ContainerChecks.Run(container, place.Of("Containers", container), problems);
            }

            Machines(host, addresses, place, problems);
            ReferenceChecks.Run(host, scope, place, problems);
        }

        ReferenceChecks.RunOutputs(stack, scope, problems);
        CycleChecks.Run(stack, scope, problems);
        return problems.ToImmutable();
    }

    private static void Machines(Host host, MachineAddresses addresses, Place place, ProblemList problems)
    {
        DiskImageChecks.Run(host, place, problems);
        InterfaceChecks.RunHardware(host, place, problems);
        foreach (var hypervisor in host.Hypervisors)
        {
            var at = place.Of("Hypervisors", hypervisor);
            HypervisorChecks.Run(hypervisor, at, problems);
            foreach (var network in hypervisor.Networks)
            {
                VirtualNetworkChecks.Run(network, addresses, at.Of("Networks", network), problems);
            }

            foreach (var machine in hypervisor.Machines)
            {
                MachineChecks.Run(machine, hypervisor, host, at.Of("Machines", machine), problems);
            }

            InterfaceChecks.Run(hypervisor, addresses, at, problems);
            MachineDiskChecks.RunFiles(hypervisor, at, problems);
        }
    }
}
