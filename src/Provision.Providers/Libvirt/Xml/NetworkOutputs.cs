using System.Xml.Linq;
using Provision.Engine.Resources;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>libvirt's XML of a network as outputs. The fixed addresses that machines were given in it are not its own, and do not appear. Pure.</summary>
internal static class NetworkOutputs
{
    public static PropertyMap Seen(XElement network, bool autostart)
    {
        var dns = network.Element("dns");
        var dhcp = network.Elements("ip").Any(ip => ip.Element("dhcp")?.Element("range") is not null);
        return PropertyMap.Of(
            ("name", network.Element("name")?.Value ?? ""),
            ("mode", network.Element("forward") is { } forward ? forward.Attribute("mode")?.Value ?? "nat" : "none"),
            ("bridge", network.Element("bridge")?.Attribute("name")?.Value ?? ""),
            ("mtu", network.Element("mtu")?.Attribute("size") is { } mtu ? (double)(int)mtu : null),
            ("domain", Text(network.Element("domain"), "name")),
            ("addresses", List(network.Elements("ip").Select(NetworkRange.Read).OfType<NetworkRange>().Select(range => (PropertyValue)range.ToString()))),
            ("dhcp", PropertyMap.Of(("enabled", dhcp))),
            ("dns", PropertyMap.Of(
                ("enabled", dns?.Attribute("enable")?.Value != "no"),
                ("localOnly", network.Element("domain")?.Attribute("localOnly")?.Value == "yes"),
                ("forwarders", List(dns?.Elements("forwarder").Select(one => Map(("address", Text(one, "addr")), ("domain", Text(one, "domain")))))),
                ("hosts", List(dns?.Elements("host").SelectMany(host => host.Elements("hostname").Select(name => Map(("ip", Text(host, "ip")), ("hostname", name.Value)))))),
                ("srvs", List(dns?.Elements("srv").Select(Srv))))),
            ("routes", List(network.Elements("route").Select(route => Map(
                ("cidr", NetworkRange.Read(route) is { } to ? (PropertyValue)to.ToString() : null), ("gateway", Text(route, "gateway")))))),
            ("dnsmasqOptions", Options(network)),
            ("autostart", autostart));
    }

    private static PropertyValue Srv(XElement srv) => Map(
        ("service", Text(srv, "service")), ("protocol", Text(srv, "protocol")), ("domain", Text(srv, "domain")), ("target", Text(srv, "target")),
        ("port", Text(srv, "port")), ("priority", Text(srv, "priority")), ("weight", Text(srv, "weight")));

    private static PropertyValue? Options(XElement network)
    {
        var options = network.Element(NetworkXml.Dnsmasq + "options")?.Elements(NetworkXml.Dnsmasq + "option").Select(option => option.Attribute("value")?.Value ?? "").ToArray() ?? [];
        return options.Length == 0
            ? null
            : Map(("options", List(options.Select(option => option.Split('=', 2)).Select(parts => Map(
                ("optionName", parts[0]), ("optionValue", parts.Length == 2 ? (PropertyValue)parts[1] : null))))));
    }

    private static PropertyValue? List(IEnumerable<PropertyValue>? items) => items?.ToArray() is { Length: > 0 } some ? PropertyValue.ListOf(some) : null;

    private static PropertyValue Map(params IEnumerable<Property> members) => PropertyMap.Of(members);

    private static PropertyValue? Text(XElement? element, string attribute) => element?.Attribute(attribute)?.Value is { } value ? (PropertyValue)value : null;
}
