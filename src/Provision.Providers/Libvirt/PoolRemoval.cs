using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>Removes a pool with its folder. What others put into the folder is never deleted. Blocks: to be run on a worker.</summary>
internal static class PoolRemoval
{
    public static void Remove(ConnectHandle connect, string uuid)
    {
        using var pool = connect.FindPool(uuid);
        if (pool is null)
        {
            return;
        }

        var name = pool.Name();
        var xml = XElement.Parse(pool.Xml());
        if (pool.IsActive())
        {
            RefuseFilled(connect, pool, name, xml);
            pool.Stop();
        }

        if (xml.Attribute("type")?.Value == "dir" || xml.Element("source")?.Element("device") is not null)
        {
            RemoveFolder(pool, name, xml);
        }

        pool.Undefine();
    }

    private static void RefuseFilled(ConnectHandle connect, PoolHandle pool, string name, XElement xml)
    {
        try
        {
            pool.Refresh();
        }
        catch (LibvirtException)
        {
            // The folder is gone, or another job works on the pool: what is known of it has to do. A refresh that fails may stop the pool.
            if (!pool.IsActive())
            {
                return;
            }
        }

        using var volumes = pool.ListVolumes();
        string[] names = [.. volumes.Where(volume => !RemoveAbandonedLog(connect, volume)).Select(volume => volume.Name()).Order(StringComparer.Ordinal)];
        if (names.Length > 0)
        {
            throw Filled(name, xml, $"{string.Join(", ", names.Take(5).Select(one => $"'{one}'"))}{(names.Length > 5 ? $" and {names.Length - 5} more" : "")}");
        }
    }

    /// <summary>Whoever undefines a machine by hand leaves its console log, which nobody knows of any more.</summary>
    private static bool RemoveAbandonedLog(ConnectHandle connect, VolumeHandle volume)
    {
        if (ConsoleLog.DomainOf(volume.Name()) is not { } machine)
        {
            return false;
        }

        using var domain = connect.FindDomainByName(machine);
        if (domain is not null)
        {
            return false;
        }

        volume.Delete();
        return true;
    }

    private static void RemoveFolder(PoolHandle pool, string name, XElement xml)
    {
        try
        {
            pool.Remove();
        }
        catch (LibvirtException failure) when (failure.Message.Contains("not empty", StringComparison.OrdinalIgnoreCase))
        {
            // As it was: a pool that is stopped and not removed would surprise whoever put the files there.
            pool.Start();
            throw Filled(name, xml, "files that libvirt does not take for volumes");
        }
        catch (LibvirtException failure) when (failure.Message.Contains("No such file", StringComparison.OrdinalIgnoreCase))
        {
            // Somebody removed the folder already.
        }
    }

    private static ProviderException Filled(string name, XElement xml, string what) => new(
        ProviderFailure.Refused,
        $"Cannot remove the pool '{name}': its folder {Xml.PoolXml.PathIn(xml)} still holds {what}, which this stack did not make.",
        "Move away or delete what is in it; or set retainOnDelete to leave the pool.", Remainder.Untouched.Value);
}
