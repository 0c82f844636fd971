using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>The places of one hypervisor's machines on its networks: fixed addresses, hardware addresses, names.</summary>
internal static partial class InterfaceChecks
{
    public static void Run(Hypervisor hypervisor, MachineAddresses addresses, Place place, ProblemList problems)
    {
        var networks = new Dictionary<string, VirtualNetwork>(StringComparer.Ordinal);
        foreach (var network in hypervisor.Networks)
        {
            networks.TryAdd(network.Name, network);
        }

        var taken = new Dictionary<(string Network, IPAddress Address), string>();
        foreach (var machine in hypervisor.Machines)
        {
            var at = place.Of("Machines", machine);
            for (var i = 0; i < machine.Networks.Length; i++)
            {
                var (nic, where) = (machine.Networks[i], at.Index("Networks", i));
                problems.AddIf(nic.Hostname is { } name && !NameChecks.IsHostLabel(name), () => StackProblems.HostName(
                    where.Member("Hostname"), nic.Hostname ?? "", "is no part of a host name"));
                if (nic.Address is { } text && networks.TryGetValue(nic.Network, out var network))
                {
                    Address(text, network, addresses.SubnetOf(network), at, where.Member("Address"), taken, problems);
                }
            }
        }
    }

    /// <summary>Hardware addresses that were given: one that is taken twice on one host would reach either machine.</summary>
    public static void RunHardware(Host host, Place place, ProblemList problems)
    {
        var taken = new Dictionary<string, Place>(StringComparer.OrdinalIgnoreCase);
        foreach (var (hypervisor, machine) in host.Machines)
        {
            var at = place.Of("Hypervisors", hypervisor).Of("Machines", machine);
            for (var i = 0; i < machine.Networks.Length; i++)
            {
                if (machine.Networks[i].Mac is not { } mac)
                {
                    continue;
                }

                var where = at.Index("Networks", i).Member("Mac");
                if (!MacPattern().IsMatch(mac))
                {
                    problems.Add(StackProblems.HardwareAddress(where, mac, "is no hardware address"));
                }
                else if ((Convert.ToInt32(mac[..2], 16) & 1) != 0)
                {
                    problems.Add(StackProblems.HardwareAddress(where, mac, "is one of a group, since its first byte is odd; no machine can have it"));
                }
                else if (mac.Trim('0', ':').Length == 0)
                {
                    problems.Add(StackProblems.HardwareAddress(where, mac, "is nobody's"));
                }
                else
                {
                    problems.AddIf(!taken.TryAdd(mac, where), () => StackProblems.HardwareAddress(where, mac, $"is taken by {taken[mac]}"));
                }
            }
        }
    }

    private static void Address(
        string text, VirtualNetwork network, IPNetwork? subnet, Place machine, Place place, Dictionary<(string, IPAddress), string> taken, ProblemList problems)
    {
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetwork)
        {
            problems.Add(StackProblems.Address(place, $"'{text}'", "is no IPv4 address"));
        }
        else if (network.Subnet is null)
        {
            problems.Add(StackProblems.Address(place, text, $"needs a Subnet on the network '{network.Name}' to lie in"));
        }
        else if (!network.GivesAddresses)
        {
            problems.Add(StackProblems.Address(place, text, $"is given out by the network '{network.Name}', which has no DHCP"));
        }
        else if (subnet is not { } own)
        {
            // What is wrong with the subnet is said at the network.
        }
        else if (!own.Contains(address) || address.Equals(own.BaseAddress) || address.Equals(MachineAddresses.Last(own)))
        {
            problems.Add(StackProblems.Address(place, text, $"is not an address for a machine in {own}"));
        }
        else if (address.Equals(MachineAddresses.At(own, 1)))
        {
            problems.Add(StackProblems.Address(place, text, $"is the host's own in {own}"));
        }
        else
        {
            problems.AddIf(
                !taken.TryAdd((network.Name, address), machine.ToString()), () => StackProblems.Address(place, text, $"is taken by {taken[(network.Name, address)]}"));
        }
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}\z")]
    private static partial Regex MacPattern();
}
