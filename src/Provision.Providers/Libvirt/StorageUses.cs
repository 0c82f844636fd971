using System.Xml.Linq;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>
/// Who stands on a volume: linked clones in any pool, and running domains. libvirt itself deletes the base below a running guest without a word.
/// </summary>
/// <param name="Overlays">Clones ("'web' in pool 'lab'") by the path of what they stand on.</param>
/// <param name="Domains">What is running.</param>
internal sealed record StorageUses(ILookup<string, string> Overlays, DomainUses Domains)
{
    /// <summary>Blocks: to be called on a worker. Inactive pools cannot be looked into.</summary>
    public static StorageUses Look(ConnectHandle connect)
    {
        var overlays = new List<(string Base, string Overlay)>();
        using var pools = connect.ListPools();
        foreach (var pool in pools)
        {
            var name = pool.Name();
            foreach (var (below, volume) in Bases(pool))
            {
                overlays.Add((below, $"'{volume}' in pool '{name}'"));
            }
        }

        return new StorageUses(overlays.ToLookup(pair => pair.Base, pair => pair.Overlay, StringComparer.Ordinal), DomainUses.Look(connect));
    }

    /// <summary>Who uses a volume, to follow "it is"; null where nobody does.</summary>
    public string? UserOf(string path, string pool, string volume)
    {
        string[] overlays = [.. Overlays[path].Order(StringComparer.Ordinal)];
        string[] domains = [.. Domains.Of(path, pool, volume).Select(disk => $"'{disk.Domain}'").Distinct().Order(StringComparer.Ordinal)];
        return overlays.Length > 0 ? $"the base of {Names(overlays)}"
            : domains.Length > 0 ? $"open in the running domain {Names(domains)}"
            : null;
    }

    private static string Names(string[] all) => all.Length <= 5 ? string.Join(", ", all) : $"{string.Join(", ", all[..5])} and {all.Length - 5} more";

    private static List<(string Base, string Volume)> Bases(PoolHandle pool)
    {
        var found = new List<(string, string)>();
        try
        {
            if (!pool.IsActive())
            {
                return found;
            }

            using var volumes = pool.ListVolumes();
            foreach (var volume in volumes)
            {
                if (XmlOf(volume) is { } xml && Xml.VolumeXml.BaseIn(xml) is { } below)
                {
                    found.Add((below, volume.Name()));
                }
            }
        }
        catch (LibvirtException gone) when (gone.IsNotFound || gone.Code == LibvirtErrorCode.OperationInvalid)
        {
            // Stopped or removed since it was listed.
        }

        return found;
    }

    private static XElement? XmlOf(VolumeHandle volume)
    {
        try
        {
            return XElement.Parse(volume.Xml());
        }
        catch (LibvirtException gone) when (gone.IsNotFound)
        {
            return null;
        }
    }
}
