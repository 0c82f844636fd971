using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>A pool's inputs as libvirt's XML, and libvirt's XML as outputs. Pure.</summary>
internal static class PoolXml
{
    public static string Write(PropertyMap properties, string uuid, string name)
    {
        var inputs = new InputReader(properties);
        var type = inputs.Text("type") ?? "dir";
        var source = inputs.Object("source");
        var volumeGroup = source?.Text("name") ?? (type == "logical" ? name : null);
        return StyleSheet.Apply(
            new XElement(
                "pool", new XAttribute("type", type),
                new XElement("name", name),
                new XElement("uuid", uuid),
                volumeGroup is null && source is null
                    ? null
                    : new XElement(
                        "source",
                        source?.Objects("devices").Select(device => device.Text("path")).OfType<string>().Select(path => new XElement("device", new XAttribute("path", path))),
                        volumeGroup is null ? null : new XElement("name", volumeGroup)),
                PathOf(properties) is { } path
                    ? new XElement("target", new XElement("path", path))
                    : type == "logical" ? new XElement("target", new XElement("path", $"/dev/{volumeGroup}")) : null),
            inputs.Object("xml")?.Text("xslt"));
    }

    /// <summary>The folder that the program asks for; by the deprecated name too.</summary>
    public static string? PathOf(PropertyMap inputs) => new InputReader(inputs).Object("target")?.Text("path") ?? new InputReader(inputs).Text("path");

    /// <summary>The folder of a pool that there is.</summary>
    public static string? PathIn(XElement pool) => pool.Element("target")?.Element("path")?.Value;

    public static PropertyMap Seen(XElement pool)
    {
        var source = pool.Element("source");
        var devices = source?.Elements("device").Select(device => device.Attribute("path")?.Value).OfType<string>().ToArray() ?? [];
        return PropertyMap.Of(
            ("name", Text(pool.Element("name"))),
            ("type", pool.Attribute("type")?.Value is { } type ? (PropertyValue)type : null),
            ("path", PathIn(pool) is { } path ? (PropertyValue)path : null),
            ("target", PropertyMap.Of(("path", Text(pool.Element("target")?.Element("path"))))),
            ("source", source?.Element("name") is null && devices.Length == 0
                ? null
                : (PropertyValue)PropertyMap.Of(("name", Text(source?.Element("name"))), ("devices", PropertyValue.ListOf(devices.Select(one => (PropertyValue)PropertyMap.Of(("path", one))))))),
            ("capacity", Number(pool.Element("capacity"))),
            ("allocation", Number(pool.Element("allocation"))),
            ("available", Number(pool.Element("available"))));
    }

    private static PropertyValue? Text(XElement? element) => element?.Value is { } text ? (PropertyValue)text : null;

    /// <summary>libvirt takes away what it has made from what there was, and of a full disk tells less than nothing as a number of 64 bits without a sign.</summary>
    private static PropertyValue? Number(XElement? element) => element is null ? null : (PropertyValue)(double)Math.Max(0, unchecked((long)(ulong)element));
}
