using System.Globalization;
using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>Puts first boot data into a pool, and takes it out again.</summary>
/// <remarks>
/// libvirt cannot rename a volume, so it is written under its own name. Nobody reads it before the create is recorded, and what an interrupted
/// one left is never taken for whole: it is made again.
/// </remarks>
internal static class SeedVolume
{
    /// <returns>The volume's key.</returns>
    public static async Task<string> PutAsync(
        LibvirtConnection libvirt, LibvirtStamp stamp, string pool, string name, byte[] content, IStepProgress progress, CancellationToken cancellationToken)
    {
        progress.Report("uploading", 0, content.Length);
        try
        {
            return await libvirt.ChangeAsync($"put '{name}' into pool '{pool}'", connect => Put(connect, stamp, pool, name, content, progress, cancellationToken), cancellationToken);
        }
        catch (ProviderException failure) when (failure.Is(LibvirtErrorCode.NoStoragePool))
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"Cannot put '{name}' into pool '{pool}': there is no such pool.", "Declare it, or name one that is there.", Remainder.Untouched.Value, failure.InnerException);
        }
        catch (ProviderException failure)
        {
            throw failure.WithHint();
        }
    }

    /// <summary>Which of the keys are there. Those in a pool that is stopped count: it comes back with what is in it.</summary>
    public static Task<HashSet<string>> PresentAsync(LibvirtConnection libvirt, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        libvirt.AskAsync("look for first boot data", connect => Present(connect, keys), cancellationToken);

    public static Task<bool> ExistsAsync(LibvirtConnection libvirt, LibvirtStamp stamp, string pool, string name, CancellationToken cancellationToken) =>
        libvirt.AskAsync(
            $"look for '{name}' in pool '{pool}'",
            connect =>
            {
                using var there = connect.FindPoolByName(pool);
                if (there is null || !there.IsActive() || !stamp.IsOfSameStack(there.Uuid()))
                {
                    return false;
                }

                there.Refresh();
                using var volume = there.FindVolume(name);
                return volume is not null;
            },
            cancellationToken);

    public static Task<string> KeyAsync(LibvirtConnection libvirt, string pool, string name, CancellationToken cancellationToken) =>
        libvirt.AskAsync(
            $"look at '{name}' in pool '{pool}'",
            connect =>
            {
                using var there = connect.PoolByName(pool);
                using var volume = there.VolumeByName(name);
                return volume.Key();
            },
            cancellationToken);

    public static Task DeleteAsync(LibvirtConnection libvirt, string key, CancellationToken cancellationToken) =>
        libvirt.ChangeAsync(
            $"remove first boot data '{Path.GetFileName(key)}'",
            connect =>
            {
                try
                {
                    using var volume = connect.FindVolume(key);
                    volume?.Delete();
                }
                catch (LibvirtException gone) when (gone.IsNotFound)
                {
                    // Somebody was quicker.
                }
            },
            cancellationToken);

    private static string Put(
        ConnectHandle connect, LibvirtStamp stamp, string poolName, string name, byte[] content, IStepProgress progress, CancellationToken cancellationToken)
    {
        using var pool = connect.PoolByName(poolName);
        if (!pool.IsActive())
        {
            pool.Start();
        }

        using (var old = pool.FindVolume(name))
        {
            if (old is not null && !stamp.IsOfSameStack(pool.Uuid()))
            {
                throw new ProviderException(
                    ProviderFailure.Conflict, $"Cannot put '{name}' into pool '{poolName}': there is a volume of that name, and the pool is not one of this stack, so that it may be anybody's.",
                    $"Remove it ('virsh vol-delete {name} --pool {poolName}'), or give this disk another name.", Remainder.Untouched.Value);
            }

            old?.Delete();
        }

        using var volume = pool.CreateVolume(Definition(name, content.Length));
        var complete = false;
        try
        {
            using var source = new MemoryStream(content, writable: false);
            connect.Upload(volume, source, content.Length, sent => progress.Report("uploading", sent, content.Length), cancellationToken);
            complete = true;
            return volume.Key();
        }
        finally
        {
            if (!complete)
            {
                TryDelete(volume);
            }
        }
    }

    private static void TryDelete(VolumeHandle volume)
    {
        try
        {
            volume.Delete();
        }
        catch (LibvirtException)
        {
            // The next run replaces it.
        }
    }

    private static HashSet<string> Present(ConnectHandle connect, IReadOnlyCollection<string> keys)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        List<string>? stopped = null;
        foreach (var key in keys)
        {
            using var volume = connect.FindVolume(key);
            if (volume is not null || (stopped ??= Stopped(connect)).Any(folder => Path.GetDirectoryName(key) == folder))
            {
                found.Add(key);
            }
        }

        return found;
    }

    private static List<string> Stopped(ConnectHandle connect)
    {
        using var pools = connect.ListPools();
        return
        [
            .. pools.LookAtEach(pool => pool.IsActive() ? null : XElement.Parse(pool.Xml()).Element("target")?.Element("path")?.Value.TrimEnd('/')).OfType<string>(),
        ];
    }

    /// <summary>For nobody's eyes: it may hold secrets. libvirt gives it to the emulator while a machine runs.</summary>
    private static string Definition(string name, long length) =>
        new XElement(
            "volume",
            new XElement("name", name),
            new XElement("capacity", new XAttribute("unit", "bytes"), length.ToString(CultureInfo.InvariantCulture)),
            new XElement(
                "target",
                new XElement("format", new XAttribute("type", "raw")),
                new XElement("permissions", new XElement("mode", "0600")))).ToString();
}
