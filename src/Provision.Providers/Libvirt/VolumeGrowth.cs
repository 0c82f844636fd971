using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;

namespace Provision.Providers.Libvirt;

/// <summary>Grows a volume: through the running domain that has it open, which its guest then sees at once, or by itself. Blocks: to be run on a worker.</summary>
internal static class VolumeGrowth
{
    public static SeenVolume Grow(ConnectHandle connect, string key, long? size, LibvirtDriver driver)
    {
        using var volume = connect.VolumeByKey(key);
        using var pool = volume.Pool();
        var name = pool.Name();
        var seen = SeenVolume.Look(volume, name);
        if (size is not { } bytes || bytes <= VolumeXml.CapacityIn(seen.Xml))
        {
            return seen;
        }

        if (DomainUses.Look(connect).Of(volume.Path(), name, volume.Name()).ToArray() is [var user, ..])
        {
            Refuse(driver, LibvirtFeature.BlockResize, volume, $"while the domain '{user.Domain}' runs", "Power it off first.");
            using var domain = connect.DomainByUuid(user.DomainUuid);
            domain.ResizeDisk(user.Target, bytes);
        }
        else
        {
            Refuse(driver, LibvirtFeature.VolumeResize, volume, "at all", "Give it its size when it is made.");
            volume.Resize(bytes);
        }

        return SeenVolume.Look(volume, name);
    }

    private static void Refuse(LibvirtDriver driver, LibvirtFeature needed, VolumeHandle volume, string when, string remedy)
    {
        if (!driver.Has(needed))
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"Cannot grow the volume '{volume.Name()}': libvirt's {driver.Name} driver does not grow volumes {when}.", remedy, Remainder.Untouched.Value);
        }
    }
}
