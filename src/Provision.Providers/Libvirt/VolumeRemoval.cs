using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>Deletes a volume; one that is gone already is success. Blocks: to be run on a worker.</summary>
internal static class VolumeRemoval
{
    public static void Remove(ConnectHandle connect, string key, string poolName, string name)
    {
        using var pool = connect.FindPoolByName(poolName);
        if (pool is null || !Opens(pool))
        {
            return;
        }

        using var volume = connect.FindVolume(key);
        Delete(volume);
        using var mark = pool.FindVolume(VolumeMaking.MarkOf(name));
        Delete(mark);
    }

    private static void Delete(VolumeHandle? volume)
    {
        try
        {
            volume?.Delete();
        }
        catch (LibvirtException gone) when (gone.IsNotFound || gone.Message.Contains("No such file", StringComparison.OrdinalIgnoreCase))
        {
            // Deleted by somebody else since libvirt last looked.
        }
    }

    /// <summary>A stopped pool shows no volumes; one that cannot be started because its folder is gone has none.</summary>
    private static bool Opens(PoolHandle pool)
    {
        try
        {
            if (!pool.IsActive())
            {
                pool.Start();
            }

            return true;
        }
        catch (LibvirtException failure) when (failure.Message.Contains("No such file", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
    }
}
