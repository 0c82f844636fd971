using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>A network between virtual machines by itself.</summary>
internal static partial class VirtualNetworkChecks
{
    // The host's own address, one to give out, and the two that every subnet loses.
    private const int LongestPrefix = 29;
    private const int ShortestPrefix = 8;
    private const int LongestBridge = 15;

    public static void Run(VirtualNetwork network, MachineAddresses addresses, Place place, ProblemList problems)
    {
        LifecycleChecks.Run(network, place, problems);
        LabelChecks.Run(network.Owner, new(), place, problems);
        if (network.Bridge is { } bridge)
        {
            problems.AddIf(!BridgePattern().IsMatch(bridge), () => StackProblems.Text(
                place.Member("Bridge"), $"'{bridge}' is no name of a bridge", $"Use up to {LongestBridge} letters, digits, '_', '.' and '-'."));
        }

        problems.AddIf(network.Mtu is < 68 or > 65521, () => StackProblems.Limit(place.Member("Mtu"), $"{network.Mtu} bytes are not between 68 and 65521"));
        if (network.Mode == NetworkMode.Bridge)
        {
            Bridged(network, place, problems);
            return;
        }

        Subnet(network, addresses, place, problems);
        problems.AddIf(
            network.Domain is { } domain && !DomainPattern().IsMatch(domain),
            () => StackProblems.Text(place.Member("Domain"), $"'{network.Domain}' is no domain", "Write one such as lab.internal."));
        foreach (var (name, address) in network.DnsNames)
        {
            var at = place.Key("DnsNames", name);
            problems.AddIf(!DomainPattern().IsMatch(name), () => StackProblems.Text(at, $"'{name}' is no name of a host", "Write one such as files or files.lab.internal."));
            problems.AddIf(!IPAddress.TryParse(address, out _), () => StackProblems.Address(at, $"'{address}'", "is no IP address"));
        }

        problems.AddIf(!network.Dns && network.DnsNames.Count > 0, () => StackProblems.Text(
            place.Member("DnsNames"), "Names are given, and nothing answers for them, since Dns is off", "Leave Dns on, or the names out."));
        for (var i = 0; i < network.Routes.Length; i++)
        {
            Route(network.Routes[i], addresses.SubnetOf(network), place.Index("Routes", i), problems);
        }
    }

    private static void Bridged(VirtualNetwork network, Place place, ProblemList problems)
    {
        problems.AddIf(network.Bridge is null, () => StackProblems.BridgeMode(
            place.Member("Bridge"), "Nothing says which of the host's bridges is meant", "Name one that is there, such as br0."));
        problems.AddIf(network.Subnet is not null, () => StackProblems.BridgeMode(
            place.Member("Subnet"), "The addresses of a bridge are those of whatever else is on it", "Leave the subnet out."));
        problems.AddIf(
            network.DnsNames.Count > 0 || !network.Routes.IsEmpty || network.Domain is not null,
            () => StackProblems.BridgeMode(place, "Nothing of the host's answers for names or routes on a bridge", "Leave DnsNames, Domain and Routes out, or use another mode."));
    }

    private static void Subnet(VirtualNetwork network, MachineAddresses addresses, Place place, ProblemList problems)
    {
        var at = place.Member("Subnet");
        if (network.Subnet is not { } text)
        {
            problems.AddIf(addresses.SubnetOf(network) is null, () => StackProblems.NoSubnetLeft(at));
        }
        else if (!IPNetwork.TryParse(text, out var parsed))
        {
            problems.Add(StackProblems.Subnet(at, text, "is no subnet"));
        }
        else if (parsed.BaseAddress.AddressFamily != AddressFamily.InterNetwork)
        {
            problems.Add(StackProblems.Subnet(at, text, "is no subnet of IPv4"));
        }
        else if (MachineAddresses.ReadSubnet(text) is null)
        {
            problems.Add(StackProblems.Subnet(at, text, $"is an address inside {parsed}, not a subnet"));
        }
        else
        {
            problems.AddIf(parsed.PrefixLength is < ShortestPrefix or > LongestPrefix, () => StackProblems.Subnet(
                at, text, $"has a prefix that is not between {ShortestPrefix} and {LongestPrefix}: it would have too many addresses, or none for a machine"));
        }
    }

    private static void Route(NetworkRoute route, IPNetwork? subnet, Place place, ProblemList problems)
    {
        problems.AddIf(MachineAddresses.ReadSubnet(route.Subnet) is null, () => StackProblems.Subnet(place.Member("Subnet"), route.Subnet, "is no subnet"));
        if (!IPAddress.TryParse(route.Gateway, out var gateway))
        {
            problems.Add(StackProblems.Address(place.Member("Gateway"), $"'{route.Gateway}'", "is no IP address"));
        }
        else if (subnet is { } own)
        {
            problems.AddIf(!own.Contains(gateway), () => StackProblems.Address(place.Member("Gateway"), route.Gateway, $"is not in {own}"));
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,14}\z")]
    private static partial Regex BridgePattern();

    [GeneratedRegex(@"\A(?=.{1,253}\z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex DomainPattern();
}
