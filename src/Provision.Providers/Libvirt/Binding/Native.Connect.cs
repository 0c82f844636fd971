using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>libvirt's C interface in its own names. Nothing outside this folder calls it: the typed wrappers (<c>…Calls</c>) do, and read the error at once.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libvirt.so.0";

    [LibraryImport(Library)]
    public static partial int virInitialize();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ConnectHandle virConnectOpenAuth(string name, virConnectAuth* auth, uint flags);

    [LibraryImport(Library)]
    public static partial int virConnectClose(nint connect);

    [LibraryImport(Library)]
    public static partial int virConnectSetKeepAlive(ConnectHandle connect, int interval, uint count);

    [LibraryImport(Library)]
    public static partial int virConnectIsAlive(ConnectHandle connect);

    [LibraryImport(Library)]
    public static partial int virConnectRegisterCloseCallback(
        ConnectHandle connect, delegate* unmanaged<nint, int, nint, void> callback, nint opaque, delegate* unmanaged<nint, void> free);

    [LibraryImport(Library)]
    public static partial int virConnectUnregisterCloseCallback(ConnectHandle connect, delegate* unmanaged<nint, int, nint, void> callback);

    [LibraryImport(Library)]
    public static partial nint virConnectGetCapabilities(ConnectHandle connect);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint virConnectGetDomainCapabilities(ConnectHandle connect, string? emulator, string? arch, string? machine, string? type, uint flags);

    [LibraryImport(Library)]
    public static partial int virConnectGetLibVersion(ConnectHandle connect, out CULong version);

    [LibraryImport(Library)]
    public static partial int virConnectGetVersion(ConnectHandle connect, out CULong version);

    [LibraryImport(Library)]
    public static partial nint virConnectGetHostname(ConnectHandle connect);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Library)]
    public static partial nint virConnectGetType(ConnectHandle connect);

    [LibraryImport(Library)]
    public static partial int virNodeGetInfo(ConnectHandle connect, out virNodeInfo info);

    [LibraryImport(Library)]
    public static partial ulong virNodeGetFreeMemory(ConnectHandle connect);
}
