using System.Collections.Immutable;
using System.Xml.Linq;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>What the running domains of a libvirt have in use, whosoever they are.</summary>
/// <param name="Disks">Their disks.</param>
/// <param name="Networks">Networks by name, with the domains on them.</param>
internal sealed record DomainUses(ImmutableArray<DiskUse> Disks, ILookup<string, string> Networks)
{
    /// <summary>Blocks: to be called on a worker.</summary>
    public static DomainUses Look(ConnectHandle connect)
    {
        var disks = ImmutableArray.CreateBuilder<DiskUse>();
        var networks = new List<(string Network, string Domain)>();
        using var domains = connect.ListDomains(activeOnly: true);
        foreach (var domain in domains)
        {
            if (LiveXml(domain) is { } xml)
            {
                Read(xml, disks, networks);
            }
        }

        return new DomainUses(disks.ToImmutable(), networks.ToLookup(use => use.Network, use => use.Domain, StringComparer.Ordinal));
    }

    /// <summary>The running domains that have a volume open, and as which disk.</summary>
    public IEnumerable<DiskUse> Of(string path, string pool, string volume) => Disks.Where(disk => disk.Path == path || (disk.Pool == pool && disk.Volume == volume));

    internal static void Read(XElement domain, ICollection<DiskUse> disks, ICollection<(string Network, string Domain)> networks)
    {
        var name = domain.Element("name")?.Value ?? "";
        foreach (var disk in domain.Element("devices")?.Elements("disk") ?? [])
        {
            var source = disk.Element("source");
            disks.Add(new DiskUse(
                domain.Element("uuid")?.Value ?? "", name, disk.Element("target")?.Attribute("dev")?.Value ?? "",
                source?.Attribute("file")?.Value ?? source?.Attribute("dev")?.Value, source?.Attribute("pool")?.Value, source?.Attribute("volume")?.Value));
        }

        foreach (var network in domain.Element("devices")?.Elements("interface").Select(one => one.Element("source")?.Attribute("network")?.Value).OfType<string>() ?? [])
        {
            networks.Add((network, name));
        }
    }

    private static XElement? LiveXml(DomainHandle domain)
    {
        try
        {
            return XElement.Parse(domain.Xml(DomainXml.Live));
        }
        catch (LibvirtException gone) when (gone.IsNotFound)
        {
            // Ended since it was listed.
            return null;
        }
    }
}

/// <param name="Target">The disk's name in its domain, vda.</param>
/// <param name="Path">Where the domain names a file or device.</param>
/// <param name="Pool">Where it names a volume.</param>
internal sealed record DiskUse(string DomainUuid, string Domain, string Target, string? Path, string? Pool, string? Volume);
