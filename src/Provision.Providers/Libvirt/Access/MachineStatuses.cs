using System.Collections.Immutable;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt.Access;

/// <summary>Looks at many machines: one call for the states of all, one for the addresses of each that runs.</summary>
internal static class MachineStatuses
{
    public static ImmutableDictionary<string, MachineStatus> Read(ConnectHandle connect, LibvirtEndpoint endpoint, IReadOnlyCollection<string> machines)
    {
        var wanted = machines.Where(machine => Guid.TryParse(machine, out _)).ToLookup(Guid.Parse);
        var starts = new Lazy<Dictionary<Guid, DateTimeOffset>>(() => endpoint is { IsLocal: true, Driver: var driver } && driver == LibvirtDriver.Qemu ? QemuProcesses.StartTimes() : []);
        var found = ImmutableDictionary.CreateBuilder<string, MachineStatus>(StringComparer.Ordinal);
        foreach (var (uuid, name, run) in States(connect, endpoint.Driver))
        {
            if (!Guid.TryParse(uuid, out var id) || !wanted.Contains(id))
            {
                continue;
            }

            var power = PowerOf(run);
            var isUp = power == MachinePower.Running;
            var status = new MachineStatus(
                name, power, isUp ? Addresses(connect, endpoint, uuid, machines.Count == 1) : [], isUp && starts.Value.TryGetValue(id, out var start) ? start : null);
            foreach (var machine in wanted[id])
            {
                found[machine] = status;
            }
        }

        return found.ToImmutable();
    }

    internal static MachinePower PowerOf(DomainRunState run) => run switch
    {
        DomainRunState.Paused or DomainRunState.PowerManagementSuspended => MachinePower.Paused,
        DomainRunState.Crashed => MachinePower.Crashed,
        DomainRunState.Off or DomainRunState.NoState => MachinePower.Off,
        _ => MachinePower.Running,
    };

    private static IEnumerable<(string Uuid, string Name, DomainRunState Run)> States(ConnectHandle connect, LibvirtDriver driver)
    {
        if (driver.Has(LibvirtFeature.AllStats))
        {
            return [.. connect.AllStats(DomainStatsGroups.State).Select(one => (one.Uuid, one.Name, (DomainRunState)(one.Number("state.state") ?? 0)))];
        }

        using var domains = connect.ListDomains();
        return [.. domains.LookAtEach(domain => (domain.Uuid(), domain.Name(), domain.State().Run))];
    }

    /// <summary>What is known without the guest's help, leases before neighbours. The agent of one machine may be asked, those of hundreds may not: each may be silent.</summary>
    private static ImmutableArray<string> Addresses(ConnectHandle connect, LibvirtEndpoint endpoint, string uuid, bool mayAskAgent)
    {
        if (!endpoint.Driver.Has(LibvirtFeature.Addresses))
        {
            return [];
        }

        using var domain = connect.FindDomain(uuid);
        IEnumerable<AddressSource> sources = mayAskAgent && endpoint.Driver.Has(LibvirtFeature.GuestAgent)
            ? [AddressSource.Lease, AddressSource.Arp, AddressSource.Agent]
            : [AddressSource.Lease, AddressSource.Arp];
        return domain is null ? [] : sources.Select(source => Ask(domain, source, endpoint.IsLocal)).FirstOrDefault(addresses => !addresses.IsEmpty, []);
    }

    private static ImmutableArray<string> Ask(DomainHandle domain, AddressSource source, bool isLocal)
    {
        try
        {
            return
            [
                .. (source == AddressSource.Arp ? domain.Neighbours(isLocal) : domain.Addresses(source))
                    .Where(one => one.Name != "lo")
                    .SelectMany(one => one.Addresses)
                    .Select(address => address.Address)
                    .Where(address => !address.StartsWith("fe80:", StringComparison.OrdinalIgnoreCase))
                    .Distinct(),
            ];
        }
        catch (LibvirtException)
        {
            // No agent, no network of libvirt's, just gone: this source knows nothing.
            return [];
        }
    }
}
