using System.Globalization;
using System.Xml.Linq;

namespace Provision.Providers.Libvirt.Access;

/// <summary>Snapshots as libvirt writes and reads them.</summary>
internal static class SnapshotXml
{
    public static string Of(string name, string? description) => new XElement(
        "domainsnapshot",
        new XElement("name", name),
        description is { Length: > 0 } ? new XElement("description", description) : null).ToString(SaveOptions.DisableFormatting);

    public static MachineSnapshot Read(string xml, bool isCurrent)
    {
        var root = XElement.Parse(xml);
        var seconds = long.TryParse(root.Element("creationTime")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? time : 0;
        return new MachineSnapshot(
            root.Element("name")?.Value ?? "",
            root.Element("description")?.Value ?? "",
            DateTimeOffset.FromUnixTimeSeconds(seconds),
            root.Element("state")?.Value ?? "",
            root.Element("parent")?.Element("name")?.Value,
            isCurrent);
    }
}
