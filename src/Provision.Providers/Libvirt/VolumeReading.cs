using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Looks at many volumes: each pool is listed once.</summary>
internal static class VolumeReading
{
    /// <summary>What was seen by key, and the pools that could not be looked into. Blocks: to be called on a worker.</summary>
    public static VolumesSeen Look(ConnectHandle connect, IReadOnlyList<ReadRequest> requests)
    {
        var seen = new Dictionary<string, SeenVolume>(StringComparer.Ordinal);
        var shut = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in requests.GroupBy(PoolOf, StringComparer.Ordinal))
        {
            var keys = group.Select(request => request.Id).ToHashSet(StringComparer.Ordinal);
            using var pool = group.Key.Length == 0 ? null : connect.FindPoolByName(group.Key);
            if (pool is null)
            {
                // An import knows only the key. A pool that was undefined still has its files, if it was a folder.
                LookByKey(connect, keys, seen);
                if (group.Key.Length > 0)
                {
                    shut.Add(group.Key);
                }
            }
            else if (!Refresh(pool))
            {
                shut.Add(group.Key);
            }
            else
            {
                using var volumes = pool.ListVolumes();
                foreach (var volume in volumes.Where(volume => keys.Contains(volume.Key())))
                {
                    Add(seen, volume, group.Key);
                }
            }
        }

        var moved = requests.Where(request => seen.TryGetValue(request.Id, out var volume) && VolumeFoundation.IsAnother(connect, volume, request.Inputs));
        return new VolumesSeen(seen, shut, moved.Select(request => (request.Urn, request.Id)).ToHashSet());
    }

    private static string PoolOf(ReadRequest request) =>
        new InputReader(request.Inputs).Text("pool") ?? new InputReader(request.Outputs).Text("pool") ?? (request.Inputs.Count > 0 ? "default" : "");

    private static void LookByKey(ConnectHandle connect, IEnumerable<string> keys, Dictionary<string, SeenVolume> seen)
    {
        foreach (var key in keys)
        {
            using var volume = connect.FindVolume(key);
            if (volume is not null)
            {
                using var pool = volume.Pool();
                Add(seen, volume, pool.Name());
            }
        }
    }

    private static void Add(Dictionary<string, SeenVolume> seen, VolumeHandle volume, string pool)
    {
        try
        {
            seen[volume.Key()] = SeenVolume.Look(volume, pool);
        }
        catch (LibvirtException gone) when (gone.IsNotFound)
        {
            // Deleted since it was listed.
        }
    }

    /// <summary>Has libvirt look into the folder, for it does not see what others do there; false where it cannot.</summary>
    private static bool Refresh(PoolHandle pool)
    {
        if (!pool.IsActive())
        {
            return false;
        }

        try
        {
            pool.Refresh();
        }
        catch (LibvirtException)
        {
            // Somebody writes to a volume just now: what is known has to do. Where the folder is gone the pool stops.
        }

        return pool.IsActive();
    }
}

/// <param name="Volumes">By key.</param>
/// <param name="ShutPools">Pools that are stopped or gone, by name: of their volumes nobody knows.</param>
/// <param name="Moved">Those that stand on something else than their inputs name.</param>
internal sealed record VolumesSeen(IReadOnlyDictionary<string, SeenVolume> Volumes, IReadOnlySet<string> ShutPools, IReadOnlySet<(Urn Urn, string Id)> Moved)
{
    /// <summary>What was seen of it; null where it is not there, or its pool cannot be looked into.</summary>
    public SeenVolume? Of(ReadRequest request) =>
        Volumes.TryGetValue(request.Id, out var volume) ? volume with { IsOnAnotherBase = Moved.Contains((request.Urn, request.Id)) } : null;

    /// <summary>
    /// A volume of a pool that cannot be looked into is taken to be as it was recorded: the pool is started again first, and what is lost shows then.
    /// Only where its file can be seen to be gone it is.
    /// </summary>
    public bool MayStillBe(ReadRequest request, LibvirtEndpoint endpoint) =>
        ShutPools.Contains(new InputReader(request.Outputs).Text("pool") ?? "") && request.Outputs.Count > 0
        && (!endpoint.IsLocal || endpoint.Driver == LibvirtDriver.Test || !request.Id.StartsWith('/') || File.Exists(request.Id));
}
