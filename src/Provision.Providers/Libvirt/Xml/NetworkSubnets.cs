using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Xml.Linq;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>What a network's XML says of its addresses and of whom they are held for. Pure.</summary>
internal sealed record NetworkSubnets(string Name, ImmutableArray<SubnetView> Subnets)
{
    public static NetworkSubnets Parse(string xml)
    {
        var network = XDocument.Parse(xml).Root;
        return new NetworkSubnets(network?.Element("name")?.Value ?? "", [.. (network?.Elements("ip") ?? []).Select((ip, i) => SubnetView.Of(ip, i)).OfType<SubnetView>()]);
    }

    /// <summary>The subnet an address is in; null where the network has none for it.</summary>
    public SubnetView? SubnetOf(IPAddress address) => Subnets.FirstOrDefault(subnet => subnet.Range.Contains(address));

    /// <summary>The addresses held for a MAC.</summary>
    public ImmutableArray<string> HeldFor(string mac) => [.. Subnets.SelectMany(subnet => subnet.Hosts).Where(host => host.Mac == mac).Select(host => host.Address)];

    /// <summary>IPv6 alone, so that waiting for an IPv4 address would be in vain.</summary>
    public bool IsV6Only => !Subnets.IsEmpty && Subnets.All(subnet => subnet.IsV6);
}

/// <param name="Index">Which of the network's ip elements.</param>
internal sealed record SubnetView(int Index, IPNetwork Range, bool IsV6, ImmutableArray<ReservedHost> Hosts)
{
    // <ip family='ipv4' address='10.0.0.1' prefix='24'><dhcp><host mac='…' name='…' ip='…'/></dhcp></ip>, or netmask='255.255.255.0'
    public static SubnetView? Of(XElement ip, int index)
    {
        if (!IPAddress.TryParse(DomainView.Text(ip, "address"), out var address))
        {
            return null;
        }

        var v6 = DomainView.Text(ip, "family") == "ipv6";
        var prefix = int.TryParse(DomainView.Text(ip, "prefix"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
            : IPAddress.TryParse(DomainView.Text(ip, "netmask"), out var mask) ? mask.GetAddressBytes().Sum(one => int.PopCount(one))
            : v6 ? 64 : 24;
        return new SubnetView(
            index, Containing(address, prefix), v6,
            [.. (ip.Element("dhcp")?.Elements("host") ?? []).Select(host => new ReservedHost(
                DomainView.Text(host, "mac")?.ToLowerInvariant(), DomainView.Text(host, "name"), DomainView.Text(host, "ip") ?? ""))]);
    }

    private static IPNetwork Containing(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}

internal sealed record ReservedHost(string? Mac, string? Name, string Address)
{
    public string ToXml(bool v6) =>
        new XElement(
            "host",
            v6 || Mac is null ? null : new XAttribute("mac", Mac),
            Name is null ? null : new XAttribute("name", Name),
            new XAttribute("ip", Address)).ToString();
}
