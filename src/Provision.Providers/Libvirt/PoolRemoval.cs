using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>Removes a pool with its folder. What others put into the folder is never deleted. Blocks: to be run on a worker.</summary>
internal static class PoolRemoval
{
    public static void Remove(ConnectHandle connect, string uuid, string stack)
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
            RemoveContents(connect, pool, name, xml, stack);
            pool.Stop();
        }

        if (xml.Attribute("type")?.Value == "dir" || xml.Element("source")?.Element("device") is not null)
        {
            RemoveFolder(pool, name, xml);
        }

        pool.Undefine();
    }

    /// <summary>Nothing may be in it but what nobody misses; where something is, all of it stays.</summary>
    private static void RemoveContents(ConnectHandle connect, PoolHandle pool, string name, XElement xml, string stack)
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
        var abandoned = volumes.ToLookup(volume => IsAbandonedLog(connect, volume.Name(), stack));
        string[] names = [.. abandoned[false].Select(volume => volume.Name()).Order(StringComparer.Ordinal)];
        if (names.Length > 0)
        {
            throw Filled(name, xml, $"{string.Join(", ", names.Take(5).Select(one => $"'{one}'"))}{(names.Length > 5 ? $" and {names.Length - 5} more" : "")}");
        }

        foreach (var log in abandoned[true])
        {
            log.Delete();
        }
    }

    /// <summary>Whoever undefines a machine of this stack by hand leaves its console log, which nobody knows of any more.</summary>
    private static bool IsAbandonedLog(ConnectHandle connect, string file, string stack)
    {
        if (ConsoleLog.DomainOf(file) is not { } machine || !machine.StartsWith($"{stack}-", StringComparison.Ordinal))
        {
            return false;
        }

        using var domain = connect.FindDomainByName(machine);
        return domain is null;
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
