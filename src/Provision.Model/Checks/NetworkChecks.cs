using System.Net;

namespace Provision.Model.Checks;

/// <summary>Subnets of one host against each other, those of machines too, and fixed addresses of containers against their subnet.</summary>
internal static class NetworkChecks
{
    public static void Run(Host host, MachineAddresses addresses, Place place, ProblemList problems)
    {
        var subnets = new Dictionary<string, IPNetwork>(StringComparer.Ordinal);
        var taken = new Dictionary<(string Network, IPAddress Address), string>();
        foreach (var network in host.Networks)
        {
            var at = place.Of("Networks", network);
            if (network.Subnet is { } text && ReadSubnet(text, at.Member("Subnet"), problems) is { } subnet)
            {
                subnets.TryAdd(network.Name, subnet);
            }

            Gateway(network, subnets, taken, at, problems);
            problems.AddIf(string.IsNullOrWhiteSpace(network.Driver), () => StackProblems.Text(at.Member("Driver"), "The driver is empty", "Leave it out for bridge."));
        }

        var ofContainers = host.Networks.DistinctBy(network => network.Name).Where(network => subnets.ContainsKey(network.Name))
            .Select(network => new DeclaredSubnet(network.Name, subnets[network.Name], place.Of("Networks", network).Member("Subnet")));
        var ofMachines = from hypervisor in host.Hypervisors
                         from network in hypervisor.Networks
                         where network.Subnet is not null
                         let subnet = addresses.SubnetOf(network)
                         where subnet is not null
                         select new DeclaredSubnet(network.Name, subnet.Value, place.Of("Hypervisors", hypervisor).Of("Networks", network).Member("Subnet"));
        foreach (var (subnet, before) in SubnetOverlaps.Of(ofContainers.Concat(ofMachines)))
        {
            problems.Add(StackProblems.SubnetsOverlap(subnet.Place, subnet.Range.ToString(), before.Range.ToString(), before.Network));
        }

        foreach (var container in host.Containers)
        {
            Addresses(container, place.Of("Containers", container), subnets, taken, problems);
        }
    }

    private static IPNetwork? ReadSubnet(string text, Place place, ProblemList problems)
    {
        if (!IPNetwork.TryParse(text, out var subnet))
        {
            problems.Add(StackProblems.Subnet(place, text, "is no subnet"));
            return null;
        }

        // 10.20.0.5/24 is an address with its prefix: .NET would take it for 10.20.0.0/24, a daemon refuses it.
        if (IPAddress.Parse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal))).Equals(subnet.BaseAddress))
        {
            return subnet;
        }

        problems.Add(StackProblems.Subnet(place, text, $"is an address inside {subnet}, not a subnet"));
        return null;
    }

    private static void Gateway(
        ContainerNetwork network, Dictionary<string, IPNetwork> subnets, Dictionary<(string, IPAddress), string> taken, Place place, ProblemList problems)
    {
        if (network.Gateway is not { } text)
        {
            return;
        }

        var at = place.Member("Gateway");
        if (!IPAddress.TryParse(text, out var gateway))
        {
            problems.Add(StackProblems.Address(at, $"'{text}'", "is no IP address"));
        }
        else if (network.Subnet is null)
        {
            problems.Add(StackProblems.Address(at, text, "needs a Subnet to lie in"));
        }
        else if (subnets.TryGetValue(network.Name, out var subnet))
        {
            problems.AddIf(!subnet.Contains(gateway), () => StackProblems.Address(at, text, $"is not in {subnet}"));
            taken.TryAdd((network.Name, gateway), "the network's gateway");
        }
    }

    private static void Addresses(
        Container container, Place place, Dictionary<string, IPNetwork> subnets, Dictionary<(string, IPAddress), string> taken, ProblemList problems)
    {
        for (var i = 0; i < container.Networks.Length; i++)
        {
            if (container.Networks[i] is not { Address: { } text } attachment)
            {
                continue;
            }

            var at = place.Index("Networks", i).Member("Address");
            if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork)
            {
                problems.Add(StackProblems.Address(at, $"'{text}'", "is no IPv4 address"));
            }
            else if (!subnets.TryGetValue(attachment.Network, out var subnet))
            {
                problems.Add(StackProblems.Address(at, text, $"needs a Subnet on the network '{attachment.Network}' to lie in"));
            }
            else if (!subnet.Contains(address) || address.Equals(subnet.BaseAddress))
            {
                problems.Add(StackProblems.Address(at, text, $"is not an address for a container in {subnet}"));
            }
            else if (!taken.TryAdd((attachment.Network, address), place.ToString()))
            {
                problems.Add(StackProblems.Address(at, text, $"is taken by {taken[(attachment.Network, address)]}"));
            }
        }
    }

    private sealed record DeclaredSubnet(string Network, IPNetwork Range, Place Place) : NamedSubnet(Network, Range);
}
