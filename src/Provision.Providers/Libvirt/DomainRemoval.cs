using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;

namespace Provision.Providers.Libvirt;

/// <summary>Takes a domain away with all that libvirt keeps for it: NVRAM, saved image, snapshots, reservations, console log. Its disks are resources of their own.</summary>
internal sealed class DomainRemoval(LibvirtConnection libvirt, TimeProvider clock, IStepProgress progress)
{
    /// <summary>From all that can be kept to nothing: drivers refuse flags that they do not know.</summary>
    private static readonly ImmutableArray<UndefineFlags> Ways =
    [
        UndefineFlags.ManagedSave | UndefineFlags.SnapshotsMetadata | UndefineFlags.Nvram | UndefineFlags.CheckpointsMetadata,
        UndefineFlags.ManagedSave | UndefineFlags.SnapshotsMetadata,
        UndefineFlags.None,
    ];

    /// <param name="uuid">Which; one that is gone already is fine.</param>
    /// <param name="name">For messages.</param>
    /// <param name="limit">How long the guest gets to shut down.</param>
    /// <param name="reservations">What networks hold for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RunAsync(string uuid, string name, TimeSpan limit, ImmutableArray<WantedReservation> reservations, CancellationToken cancellationToken)
    {
        var power = new DomainPower(libvirt, clock, progress);
        var log = await libvirt.AskAsync(
            $"look at domain '{name}'",
            connect =>
            {
                using var domain = connect.FindDomain(uuid);
                return domain is null ? null : DomainView.Parse(domain.Xml(DomainXml.Inactive)).ConsoleLog;
            },
            cancellationToken);
        await power.StopAsync(uuid, name, limit, cancellationToken);
        progress.Report("undefining");
        await libvirt.ChangeAsync($"undefine domain '{name}'", connect => Undefine(connect, uuid), cancellationToken);
        await new DhcpReservations(libvirt).BringAsync(name, reservations, [], cancellationToken);
        await ConsoleLog.RemoveAsync(libvirt, log, cancellationToken);
    }

    private static void Undefine(ConnectHandle connect, string uuid)
    {
        using var domain = connect.FindDomain(uuid);

        // One that was not kept is gone with its process.
        if (domain is null || !domain.IsPersistent())
        {
            return;
        }

        foreach (var (i, way) in Ways.Index())
        {
            try
            {
                domain.Undefine(way);
                return;
            }
            catch (LibvirtException gone) when (gone.IsNotFound)
            {
                return;
            }
            catch (LibvirtException refused) when (i < Ways.Length - 1 && (refused.IsUnsupported || refused.Code == LibvirtErrorCode.InvalidArgument))
            {
                // The driver does not know one of the flags.
            }
        }
    }
}
