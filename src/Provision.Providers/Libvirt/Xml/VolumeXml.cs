using System.Globalization;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>What a volume stands on.</summary>
/// <param name="Path">The file or device below it.</param>
/// <param name="Format">Its format; null for the driver to say.</param>
internal sealed record VolumeBase(string Path, string? Format);

/// <summary>A volume's inputs as libvirt's XML, and libvirt's XML as outputs. Pure.</summary>
internal static class VolumeXml
{
    /// <param name="inputs">What the program set.</param>
    /// <param name="name">The volume's.</param>
    /// <param name="format">qcow2, raw, …; null for a pool that has but one.</param>
    /// <param name="capacity">Bytes; null for as many as the base has.</param>
    /// <param name="below">What it is a linked clone of.</param>
    public static string Write(PropertyMap inputs, string name, string? format, long? capacity, VolumeBase? below) =>
        StyleSheet.Apply(
            new XElement(
                "volume",
                new XElement("name", name),
                capacity is { } bytes ? new XElement("capacity", new XAttribute("unit", "bytes"), bytes.ToString(CultureInfo.InvariantCulture)) : null,
                new XElement(
                    "target",
                    format is null ? null : new XElement("format", new XAttribute("type", format)),
                    new XElement("permissions", new XElement("mode", "644"))),
                below is null
                    ? null
                    : new XElement("backingStore", new XElement("path", below.Path), below.Format is null ? null : new XElement("format", new XAttribute("type", below.Format)))),
            new InputReader(inputs).Object("xml")?.Text("xslt"));

    public static string? FormatIn(XElement volume) => volume.Element("target")?.Element("format")?.Attribute("type")?.Value;

    /// <summary>The path of what it stands on.</summary>
    public static string? BaseIn(XElement volume) => volume.Element("backingStore")?.Element("path")?.Value is { Length: > 0 } path ? path : null;

    public static long CapacityIn(XElement volume) => volume.Element("capacity") is { } capacity ? (long)capacity : 0;

    public static PropertyMap Seen(XElement volume, string pool) =>
        PropertyMap.Of(
            ("name", volume.Element("name")?.Value ?? ""),
            ("pool", pool),
            ("format", FormatIn(volume) is { } format ? (PropertyValue)format : null),
            ("size", (double)CapacityIn(volume)));
}
