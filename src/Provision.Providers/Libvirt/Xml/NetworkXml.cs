using System.Globalization;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>A network's inputs as libvirt's XML. Pure.</summary>
internal static class NetworkXml
{
    public static readonly XNamespace Dnsmasq = "http://libvirt.org/schemas/network/dnsmasq/1.0";

    /// <param name="properties">What the program set.</param>
    /// <param name="name">The network's.</param>
    /// <param name="stamp">Whose it is.</param>
    /// <param name="previous">What it was; the hosts that machines were given in it stay.</param>
    public static string Write(PropertyMap properties, string name, LibvirtStamp stamp, XElement? previous = null)
    {
        var inputs = new InputReader(properties);
        var mode = inputs.Text("mode") ?? "nat";
        var bridge = inputs.Text("bridge") ?? previous?.Element("bridge")?.Attribute("name")?.Value;
        var dns = inputs.Object("dns");
        return StyleSheet.Apply(
            new XElement(
                "network", new XAttribute(XNamespace.Xmlns + "dnsmasq", Dnsmasq.NamespaceName),
                new XElement("name", name),
                new XElement("uuid", stamp.UuidText()),
                new XElement("metadata", stamp.ToXml()),
                mode == "none" ? null : new XElement("forward", new XAttribute("mode", mode), mode == "nat" ? NatPorts() : null),
                mode == "bridge"
                    ? new XElement("bridge", new XAttribute("name", bridge ?? ""))
                    : new XElement("bridge", bridge is null ? null : new XAttribute("name", bridge), new XAttribute("stp", "on"), new XAttribute("delay", "0")),
                inputs.Integer("mtu") is { } mtu ? new XElement("mtu", new XAttribute("size", mtu)) : null,
                mode == "bridge" ? null : previous?.Element("mac"),
                inputs.Text("domain") is { } domain ? new XElement("domain", new XAttribute("name", domain), dns?.Flag("localOnly") == true ? new XAttribute("localOnly", "yes") : null) : null,
                mode == "bridge" ? null : DnsXml(dns),
                mode == "bridge" ? null : Ranges(properties).Select(range => IpXml(range, IsDhcpOn(properties), previous)),
                inputs.Objects("routes").Select(RouteXml),
                OptionsXml(inputs)),
            inputs.Object("xml")?.Text("xslt"));
    }

    public static IEnumerable<NetworkRange> Ranges(PropertyMap inputs) => new InputReader(inputs).Texts("addresses").Select(NetworkRange.Parse).OfType<NetworkRange>();

    /// <summary>Guests are given addresses unless the program says no.</summary>
    public static bool IsDhcpOn(PropertyMap inputs) => new InputReader(inputs).Object("dhcp")?.Flag("enabled") ?? true;

    /// <summary>The <c>host</c> elements of <c>dns</c>: libvirt wants one for each address, with all its names.</summary>
    public static IEnumerable<XElement> DnsHosts(PropertyMap inputs) => DnsHosts(new InputReader(inputs).Object("dns"));

    private static IEnumerable<XElement> DnsHosts(InputReader? dns) =>
        from host in dns?.Objects("hosts") ?? []
        let ip = host.Text("ip")
        let name = host.Text("hostname")
        where ip is not null && name is not null
        group name by ip into address
        orderby address.Key
        select new XElement("host", new XAttribute("ip", address.Key), address.Distinct().Order(StringComparer.Ordinal).Select(name => new XElement("hostname", name)));

    private static XElement NatPorts() => new("nat", new XElement("port", new XAttribute("start", 1024), new XAttribute("end", 65535)));

    private static XElement DnsXml(InputReader? dns) => new(
        "dns", new XAttribute("enable", dns?.Flag("enabled") == false ? "no" : "yes"),
        dns?.Objects("forwarders").Select(forwarder => new XElement(
            "forwarder", Attribute("domain", forwarder.Text("domain")), Attribute("addr", forwarder.Text("address")))),
        dns?.Objects("srvs").Select(srv => new XElement(
            "srv", Attribute("service", srv.Text("service")), Attribute("protocol", srv.Text("protocol")), Attribute("domain", srv.Text("domain")),
            Attribute("target", srv.Text("target")), Attribute("port", srv.Text("port")), Attribute("priority", srv.Text("priority")), Attribute("weight", srv.Text("weight")))),
        DnsHosts(dns));

    private static XElement IpXml(NetworkRange range, bool dhcp, XElement? previous) => new(
        "ip", range.IsV6 ? new XAttribute("family", "ipv6") : null, new XAttribute("address", range.Host),
        new XAttribute("prefix", range.Network.PrefixLength.ToString(CultureInfo.InvariantCulture)),
        dhcp ? new XElement("dhcp", range.RangeXml(), HostsGivenIn(range, previous)) : null);

    /// <summary>Machines' fixed addresses, which are theirs to add and to take away.</summary>
    private static IEnumerable<XElement> HostsGivenIn(NetworkRange range, XElement? previous) =>
        previous?.Elements("ip").Where(ip => NetworkRange.Read(ip) == range).Elements("dhcp").Elements("host") ?? [];

    private static XElement RouteXml(InputReader route) =>
        NetworkRange.Parse(route.Text("cidr") ?? "") is { } to
            ? new XElement(
                "route", to.IsV6 ? new XAttribute("family", "ipv6") : null, new XAttribute("address", to.Network.BaseAddress),
                new XAttribute("prefix", to.Network.PrefixLength.ToString(CultureInfo.InvariantCulture)), Attribute("gateway", route.Text("gateway")))
            : new XElement("route");

    private static XElement? OptionsXml(InputReader inputs)
    {
        var options = (inputs.Object("dnsmasqOptions")?.Objects("options") ?? [])
            .Where(option => option.Text("optionName") is not null)
            .Select(option => option.Text("optionValue") is { } value ? $"{option.Text("optionName")}={value}" : option.Text("optionName") ?? "")
            .ToArray();
        return options.Length == 0 ? null : new XElement(Dnsmasq + "options", options.Select(option => new XElement(Dnsmasq + "option", new XAttribute("value", option))));
    }

    private static XAttribute? Attribute(string name, string? value) => value is null ? null : new XAttribute(name, value);
}
