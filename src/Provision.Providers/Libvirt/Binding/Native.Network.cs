using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial int virConnectListAllNetworks(ConnectHandle connect, out nint* networks, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NetworkHandle virNetworkLookupByUUIDString(ConnectHandle connect, string uuid);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NetworkHandle virNetworkLookupByName(ConnectHandle connect, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial NetworkHandle virNetworkDefineXML(ConnectHandle connect, string xml);

    [LibraryImport(Library)]
    public static partial int virNetworkFree(nint network);

    [LibraryImport(Library)]
    public static partial int virNetworkCreate(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkDestroy(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkUndefine(NetworkHandle network);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virNetworkUpdate(NetworkHandle network, uint command, uint section, int parentIndex, string xml, uint flags);

    [LibraryImport(Library)]
    public static partial nint virNetworkGetXMLDesc(NetworkHandle network, uint flags);

    [LibraryImport(Library)]
    public static partial int virNetworkGetUUIDString(NetworkHandle network, byte* buffer);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Library)]
    public static partial nint virNetworkGetName(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkIsActive(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkIsPersistent(NetworkHandle network);

    [LibraryImport(Library)]
    public static partial int virNetworkGetAutostart(NetworkHandle network, out int autostart);

    [LibraryImport(Library)]
    public static partial int virNetworkSetAutostart(NetworkHandle network, int autostart);

    [LibraryImport(Library)]
    public static partial nint virNetworkGetBridgeName(NetworkHandle network);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virNetworkGetDHCPLeases(NetworkHandle network, string? mac, out virNetworkDHCPLease** leases, uint flags);

    [LibraryImport(Library)]
    public static partial void virNetworkDHCPLeaseFree(virNetworkDHCPLease* lease);
}
