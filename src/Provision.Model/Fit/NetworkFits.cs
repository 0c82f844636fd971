using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Provision.Model.Checks;

namespace Provision.Model.Fit;

/// <summary>The addresses of a host's networks against those who are on them.</summary>
internal static class NetworkFits
{
    // The network's own address, the host's, and the one that is everybody's.
    private const int TakenAddresses = 3;

    // What libvirt gives out of one network at most, and what a number holds.
    private const int MostMachineBits = 16;
    private const int MostBits = 62;

    public static ImmutableArray<Room<NetworkFit>> Of(Host host, ImmutableArray<FitWorkload> workloads, MachineAddresses addresses)
    {
        var members = new Dictionary<(string?, string), List<(int Workload, bool IsFixed)>>();
        for (var i = 0; i < workloads.Length; i++)
        {
            foreach (var address in workloads[i].Addresses)
            {
                if (!members.TryGetValue(address.Network, out var list))
                {
                    members.Add(address.Network, list = []);
                }

                list.Add((i, address.IsFixed));
            }
        }

        return
        [
            .. Subnets(host, addresses).Select(network =>
            {
                var list = members.GetValueOrDefault((network.Hypervisor, network.Name)) ?? [];
                var usable = network.Subnet is { } subnet ? Usable(subnet, network.Hypervisor is null ? MostBits : MostMachineBits) : (long?)null;
                var without = FirstWithout(list, usable);
                return new Room<NetworkFit>(
                    new NetworkFit(network.Name, network.Subnet?.ToString(), usable, list.Count, without is { } at ? workloads[at].Name : null),
                    without ?? workloads.Length);
            }),
        ];
    }

    public static ImmutableArray<SubnetClash> ClashesOf(Host host, MachineAddresses addresses) =>
    [
        .. SubnetOverlaps.Of(Subnets(host, addresses).Where(network => network.Subnet is not null).Select(network => new NamedSubnet(network.Name, network.Subnet.GetValueOrDefault())))
            .Select(clash => new SubnetClash(clash.Subnet.Network, clash.Subnet.Range.ToString(), clash.Before.Network, clash.Before.Range.ToString())),
    ];

    private static IEnumerable<HostNetwork> Subnets(Host host, MachineAddresses addresses) =>
    [
        .. host.Networks.Select(network => new HostNetwork(null, network.Name, MachineAddresses.ReadSubnet(network.Subnet))),
        .. from hypervisor in host.Hypervisors
           from network in hypervisor.Networks
           select new HostNetwork(hypervisor.Name, network.Name, addresses.SubnetOf(network)),
    ];

    /// <summary>Fixed addresses are nobody else's; the others get what is left, in the order declared.</summary>
    private static int? FirstWithout(List<(int Workload, bool IsFixed)> members, long? usable)
    {
        var left = usable - members.Count(member => member.IsFixed);
        foreach (var (workload, isFixed) in members)
        {
            left -= isFixed ? 0 : 1;
            if (!isFixed && left < 0)
            {
                return workload;
            }
        }

        return null;
    }

    private static long Usable(IPNetwork subnet, int mostBits)
    {
        var bits = (subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32) - subnet.PrefixLength;
        return Math.Max(0, (1L << Math.Min(bits, mostBits)) - TakenAddresses);
    }

    /// <summary>A network of containers, or of a hypervisor's machines.</summary>
    private sealed record HostNetwork(string? Hypervisor, string Name, IPNetwork? Subnet);
}
