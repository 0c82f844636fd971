using System.Collections.Immutable;

namespace Provision.Model.Fit;

/// <summary>
/// Says whether a stack fits on its hosts before anything is touched: what its workloads declare against what the hosts declare or, where they do
/// not, report. Pure, and linear in the size of the stack: it runs before every up.
/// </summary>
public static class StackFit
{
    /// <summary>The whole stack, which <see cref="StackCheck"/> has found nothing wrong with.</summary>
    /// <param name="stack">What a definition gave.</param>
    /// <param name="stackName">The stack's name, from which subnets follow.</param>
    /// <param name="reported">What hosts say of themselves, by name; those that say nothing are not in it.</param>
    public static FitReport Of(Stack stack, string stackName, IReadOnlyDictionary<string, HostCapacity> reported)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(reported);
        var addresses = MachineAddresses.Of(stack, stackName);
        return new FitReport([.. stack.Hosts.Select(host => Of(host, addresses, ReportedFor(host, reported.GetValueOrDefault(host.Name))))]);
    }

    private static HostFit Of(Host host, MachineAddresses addresses, HostCapacity? reported)
    {
        var workloads = FitWorkload.Of(host);
        var (declared, overcommit) = (host.Capacity, host.Overcommit);
        var memory = QuantityFits.Of(FitQuantity.Memory, workloads, declared?.Memory?.Bytes, reported?.Memory?.Bytes, overcommit.Memory);
        var processors = QuantityFits.Of(FitQuantity.Processors, workloads, declared?.Cpus, reported?.Cpus, overcommit.Cpu);
        var disk = QuantityFits.Of(FitQuantity.Disk, workloads, declared?.Disk?.Bytes, reported?.Disk?.Bytes, overcommit.Disk);
        var networks = NetworkFits.Of(host, workloads, addresses);
        var (ports, clashes) = PortFits.Of(host);

        Room<QuantityFit>[] quantities = [memory, processors, disk];
        var count = Math.Min(
            quantities.Where(one => one.Fit.Stops).MinBy(one => one.Count)?.Count ?? workloads.Length,
            networks.Where(one => one.Fit.IsShort).MinBy(one => one.Count)?.Count ?? workloads.Length);
        return new HostFit(host.Name, host.Containers.Length, workloads.Length - host.Containers.Length, count)
        {
            Quantities = [.. quantities.Select(one => one.Fit)],
            Networks = [.. networks.Select(one => one.Fit)],
            Pools = new PoolFit(host.Networks.Count(network => network.Subnet is null)),
            Ports = ports,
            PortClashes = clashes,
            SubnetClashes = NetworkFits.ClashesOf(host, addresses),
        };
    }

    /// <summary>What a host reports, as far as its workloads take of just that.</summary>
    private static HostCapacity? ReportedFor(Host host, HostCapacity? reported) =>
        reported is null || RunsElsewhere(host) ? null
        : host.Hypervisors.Any(hypervisor => hypervisor.Pools.Any(pool => pool.Path is not null)) ? reported with { Disk = null }
        : reported;

    /// <summary>Whether workloads of the host run on something else: another machine that engine or hypervisor are reached through, or none at all.</summary>
    private static bool RunsElsewhere(Host host) =>
        (!host.Containers.IsEmpty && IsFar(host.Docker.Endpoint))
        || host.Hypervisors.Any(hypervisor => !hypervisor.Machines.IsEmpty
            && (hypervisor.Kind is HypervisorKind.Esx or HypervisorKind.HyperV or HypervisorKind.Test || IsFar(hypervisor.Uri)));

    private static bool IsFar(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && !uri.IsLoopback;
}
