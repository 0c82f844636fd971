using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial int virConnectListAllDomains(ConnectHandle connect, out nint* domains, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainLookupByUUIDString(ConnectHandle connect, string uuid);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainLookupByName(ConnectHandle connect, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainDefineXML(ConnectHandle connect, string xml);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainDefineXMLFlags(ConnectHandle connect, string xml, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainFree(nint domain);

    [LibraryImport(Library)]
    public static partial int virDomainCreateWithFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainCreate(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainShutdown(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainShutdownFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainDestroy(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainReboot(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainReset(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSuspend(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainResume(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainUndefine(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainUndefineFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial nint virDomainGetXMLDesc(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetState(DomainHandle domain, out int state, out int reason, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainGetInfo(DomainHandle domain, out virDomainInfo info);

    [LibraryImport(Library)]
    public static partial int virDomainGetUUIDString(DomainHandle domain, byte* buffer);

    /// <summary>For domains that libvirt lends to callbacks, and in lists of its own.</summary>
    [LibraryImport(Library, EntryPoint = "virDomainGetUUIDString")]
    public static partial int virDomainGetUUIDStringOf(nint domain, byte* buffer);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Library)]
    public static partial nint virDomainGetName(DomainHandle domain);

    [LibraryImport(Library, EntryPoint = "virDomainGetName")]
    public static partial nint virDomainGetNameOf(nint domain);

    [LibraryImport(Library)]
    public static partial int virDomainIsPersistent(DomainHandle domain);

    [LibraryImport(Library)]
    public static partial int virDomainSetAutostart(DomainHandle domain, int autostart);

    [LibraryImport(Library)]
    public static partial int virDomainGetAutostart(DomainHandle domain, out int autostart);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainAttachDeviceFlags(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainDetachDeviceFlags(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainUpdateDeviceFlags(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainBlockResize(DomainHandle domain, string disk, ulong size, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainGetBlockInfo(DomainHandle domain, string disk, out virDomainBlockInfo info, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainSetMetadata(DomainHandle domain, int type, string? metadata, string? key, string? uri, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainInterfaceAddresses(DomainHandle domain, out virDomainInterface** interfaces, uint source, uint flags);

    [LibraryImport(Library)]
    public static partial void virDomainInterfaceFree(virDomainInterface* one);

    [LibraryImport(Library)]
    public static partial int virConnectGetAllDomainStats(ConnectHandle connect, uint stats, out virDomainStatsRecord** records, uint flags);

    [LibraryImport(Library)]
    public static partial void virDomainStatsRecordListFree(virDomainStatsRecord** records);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainOpenConsole(DomainHandle domain, string? device, StreamHandle stream, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainHasManagedSaveImage(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainManagedSaveRemove(DomainHandle domain, uint flags);

    [LibraryImport("libvirt-qemu.so.0", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virDomainQemuAgentCommand(DomainHandle domain, string command, int timeout, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SnapshotHandle virDomainSnapshotCreateXML(DomainHandle domain, string xml, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainListAllSnapshots(DomainHandle domain, out nint* snapshots, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SnapshotHandle virDomainSnapshotLookupByName(DomainHandle domain, string name, uint flags);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Library)]
    public static partial nint virDomainSnapshotGetName(SnapshotHandle snapshot);

    [LibraryImport(Library)]
    public static partial nint virDomainSnapshotGetXMLDesc(SnapshotHandle snapshot, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSnapshotIsCurrent(SnapshotHandle snapshot, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainRevertToSnapshot(SnapshotHandle snapshot, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSnapshotDelete(SnapshotHandle snapshot, uint flags);

    [LibraryImport(Library)]
    public static partial int virDomainSnapshotFree(nint snapshot);
}
