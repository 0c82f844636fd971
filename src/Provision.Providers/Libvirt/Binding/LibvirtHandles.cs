using Microsoft.Win32.SafeHandles;

namespace Provision.Providers.Libvirt.Binding;

// Each handle owns one reference and gives it back with the Free of its kind. A handle handed to a call stays alive through it.

/// <summary>A connection.</summary>
internal sealed class ConnectHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    protected override bool ReleaseHandle() => Native.virConnectClose(handle) >= 0;
}

internal sealed class DomainHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    internal DomainHandle(nint owned)
        : this() => SetHandle(owned);

    protected override bool ReleaseHandle() => Native.virDomainFree(handle) == 0;
}

internal sealed class NetworkHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    internal NetworkHandle(nint owned)
        : this() => SetHandle(owned);

    protected override bool ReleaseHandle() => Native.virNetworkFree(handle) == 0;
}

internal sealed class PoolHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    internal PoolHandle(nint owned)
        : this() => SetHandle(owned);

    protected override bool ReleaseHandle() => Native.virStoragePoolFree(handle) == 0;
}

internal sealed class VolumeHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    internal VolumeHandle(nint owned)
        : this() => SetHandle(owned);

    protected override bool ReleaseHandle() => Native.virStorageVolFree(handle) == 0;
}

internal sealed class SnapshotHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    internal SnapshotHandle(nint owned)
        : this() => SetHandle(owned);

    protected override bool ReleaseHandle() => Native.virDomainSnapshotFree(handle) == 0;
}

internal sealed class StreamHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    protected override bool ReleaseHandle() => Native.virStreamFree(handle) == 0;
}
