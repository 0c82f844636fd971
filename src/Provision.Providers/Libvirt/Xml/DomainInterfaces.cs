using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>A domain's NICs as elements. Pure.</summary>
internal static class DomainInterfaces
{
    public static IEnumerable<XElement> All(PropertyMap inputs, DomainFacts facts, DomainView? previous) =>
        new InputReader(inputs).Objects("networkInterfaces").Select((nic, i) =>
        {
            var element = Element(nic, facts.Macs[i], inputs, facts);
            element.Add(previous?.Interfaces.FirstOrDefault(one => one.Mac == facts.Macs[i])?.Address);
            return element;
        });

    /// <summary>One NIC, for attaching to a running domain.</summary>
    public static string One(PropertyMap inputs, int index, DomainFacts facts) =>
        Element(new InputReader(inputs).Objects("networkInterfaces")[index], facts.Macs[index], inputs, facts).ToString();

    /// <summary>What a NIC hangs on: libvirt's type and name of it, and the mode of a direct one.</summary>
    internal static (string Type, string Name, string? Mode) SourceOf(InputReader nic, Func<string, string?> networkName) =>
        nic.Text("networkName") is { } name ? ("network", name, null)
        : nic.Text("networkId") is { } id ? ("network", networkName(id) ?? id, null)
        : nic.Text("bridge") is { } bridge ? ("bridge", bridge, null)
        : nic.Text("macvtap") is { } macvtap ? ("direct", macvtap, "bridge")
        : nic.Text("vepa") is { } vepa ? ("direct", vepa, "vepa")
        : ("direct", nic.Text("passthrough") ?? "", "passthrough");

    private static XElement Element(InputReader nic, string mac, PropertyMap inputs, DomainFacts facts)
    {
        var (type, name, mode) = SourceOf(nic, id => facts.NetworkNames.GetValueOrDefault(id));
        var boots = new InputReader(inputs).Objects("bootDevices").SelectMany(one => one.Texts("devs")).Contains("network");
        return new XElement(
            "interface",
            new XAttribute("type", type),
            new XElement("mac", new XAttribute("address", mac)),
            new XElement(
                "source", new XAttribute(type switch { "network" => "network", "bridge" => "bridge", _ => "dev" }, name),
                mode is null ? null : new XAttribute("mode", mode)),
            facts.IsQemu || facts.Type == "test" ? new XElement("model", new XAttribute("type", "virtio")) : null,

            // Its ROM is for booting from the network; loading it costs an emulated machine time.
            facts.Type == "qemu" && !facts.IsMainframe && !boots ? new XElement("rom", new XAttribute("enabled", "no")) : null);
    }
}
