using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial int virEventRegisterDefaultImpl();

    [LibraryImport(Library)]
    public static partial int virEventRunDefaultImpl();

    /// <param name="callback">Its signature follows the event: passed as what it is not, as libvirt's own macro does.</param>
    [LibraryImport(Library)]
    public static partial int virConnectDomainEventRegisterAny(ConnectHandle connect, nint domain, int eventId, nint callback, nint opaque, delegate* unmanaged<nint, void> free);

    [LibraryImport(Library)]
    public static partial int virConnectDomainEventDeregisterAny(ConnectHandle connect, int callbackId);

    [LibraryImport(Library)]
    public static partial StreamHandle virStreamNew(ConnectHandle connect, uint flags);

    [LibraryImport(Library)]
    public static partial int virStreamFree(nint stream);

    [LibraryImport(Library)]
    public static partial int virStreamSend(StreamHandle stream, byte* data, nuint length);

    [LibraryImport(Library)]
    public static partial int virStreamRecv(StreamHandle stream, byte* data, nuint length);

    [LibraryImport(Library)]
    public static partial int virStreamFinish(StreamHandle stream);

    [LibraryImport(Library)]
    public static partial int virStreamAbort(StreamHandle stream);

    [LibraryImport(Library)]
    public static partial int virStreamEventAddCallback(
        StreamHandle stream, int events, delegate* unmanaged<nint, int, nint, void> callback, nint opaque, delegate* unmanaged<nint, void> free);

    [LibraryImport(Library)]
    public static partial int virStreamEventUpdateCallback(StreamHandle stream, int events);

    [LibraryImport(Library)]
    public static partial int virStreamEventRemoveCallback(StreamHandle stream);

    /// <summary>The error of this thread's last failed call; null where there is none.</summary>
    [LibraryImport(Library)]
    public static partial virError* virGetLastError();

    [LibraryImport(Library)]
    public static partial void virSetErrorFunc(nint userData, delegate* unmanaged<nint, virError*, void> handler);
}
