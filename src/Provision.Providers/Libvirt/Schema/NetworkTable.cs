using System.Globalization;
using System.Net;
using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Libvirt.Schema;

/// <summary>The inputs of <c>libvirt:index/network:Network</c>.</summary>
internal static class NetworkTable
{
    private const int LongestInterfaceName = 15;

    public static readonly InputTable Table = new(
        new("addresses", TextSet, Replace) { Canonical = Cidr, Expected = "a subnet with room for a few hosts, such as 10.1.2.0/24" },
        new("autostart", Flag, Live) { Computed = true },
        new("bridge", Text, Replace) { Computed = true, Canonical = Bridge, Expected = "the name of a network interface: up to 15 characters without '/' and blanks" },
        new("dhcp", Nested, Live) { Computed = true },
        new("dhcp.enabled", Flag, Live) { Computed = true },
        new("dns", Nested, Live) { Computed = true },
        new("dns.enabled", Flag, Restart) { Default = true },
        new("dns.forwarders", ObjectList, Replace),
        new("dns.forwarders[].address", Text, Replace) { Canonical = DomainCanonical.Address, Expected = "an IP address" },
        new("dns.forwarders[].domain", Text, Replace),
        new("dns.hosts", ObjectSet, Live),
        new("dns.hosts[].hostname", Text, Live) { Canonical = DomainCanonical.HostName, Expected = "a host name" },
        new("dns.hosts[].ip", Text, Live) { Canonical = DomainCanonical.Address, Expected = "an IP address" },
        new("dns.localOnly", Flag, Restart),
        new("dns.srvs", ObjectList, Replace),
        new("dns.srvs[].domain", Text, Replace),
        new("dns.srvs[].port", Text, Replace) { Canonical = Number, Expected = "a number up to 65535" },
        new("dns.srvs[].priority", Text, Replace) { Canonical = Number, Expected = "a number up to 65535" },
        new("dns.srvs[].protocol", Text, Replace),
        new("dns.srvs[].service", Text, Replace),
        new("dns.srvs[].target", Text, Replace),
        new("dns.srvs[].weight", Text, Replace) { Canonical = Number, Expected = "a number up to 65535" },
        new("dnsmasqOptions", Nested, Restart),
        new("dnsmasqOptions.options", ObjectList, Restart),
        new("dnsmasqOptions.options[].optionName", Text, Restart),
        new("dnsmasqOptions.options[].optionValue", Text, Restart),
        new("domain", Text, Replace) { Canonical = DomainCanonical.HostName, Expected = "a domain name" },
        new("mode", Text, Replace) { Default = "nat", Canonical = Mode, Expected = "none, nat, route, open or bridge" },
        new("mtu", Integer, Restart) { Least = 68, Most = 65535 },
        new("name", Text, Replace) { Computed = true, Canonical = DomainCanonical.Name, Expected = DomainCanonical.NameExpected },
        new("routes", ObjectList, Replace),
        new("routes[].cidr", Text, Replace) { Required = true, Canonical = Cidr, Expected = "a subnet such as 10.1.0.0/16" },
        new("routes[].gateway", Text, Replace) { Required = true, Canonical = DomainCanonical.Address, Expected = "an IP address" },
        new("xml", Nested, Replace),
        new("xml.xslt", Text, Replace));

    /// <summary>A subnet by its first address: 10.1.0.0/16 for 10.1.2.3/16.</summary>
    public static string? Cidr(string text)
    {
        var at = text.IndexOf('/', StringComparison.Ordinal);
        if (at < 0 || DomainCanonical.Address(text[..at]) is not { } address || !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return null;
        }

        var bytes = IPAddress.Parse(address).GetAddressBytes();
        if (length > bytes.Length * 8)
        {
            return null;
        }

        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{length}");
    }

    private static string? Bridge(string name) =>
        name.Length <= LongestInterfaceName && name is not ("." or "..") && !name.Any(character => character is '/' or ':' || char.IsWhiteSpace(character) || char.IsControl(character)) ? name : null;

    private static string? Mode(string mode) => mode is "none" or "nat" or "route" or "open" or "bridge" ? mode : null;

    private static string? Number(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null;
}
