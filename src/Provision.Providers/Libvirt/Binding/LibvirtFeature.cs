namespace Provision.Providers.Libvirt.Binding;

/// <summary>What a driver may or may not have, as far as we ask for it.</summary>
[Flags]
internal enum LibvirtFeature
{
    None = 0,

    /// <summary>Lifecycle events.</summary>
    Events = 1 << 0,
    Capabilities = 1 << 1,
    DomainCapabilities = 1 << 2,

    /// <summary>All domains' figures in one call.</summary>
    AllStats = 1 << 3,
    Autostart = 1 << 4,

    /// <summary>Domain metadata, which carries our stamp.</summary>
    Metadata = 1 << 5,

    /// <summary>Undefining with NVRAM and checkpoints.</summary>
    UndefineAll = 1 << 6,
    Suspend = 1 << 7,
    Reset = 1 << 8,

    /// <summary>Devices added to a running domain.</summary>
    HotPlug = 1 << 9,

    /// <summary>Disks grown under a running domain.</summary>
    BlockResize = 1 << 10,
    Addresses = 1 << 11,
    GuestAgent = 1 << 12,
    Console = 1 << 13,
    Snapshots = 1 << 14,

    /// <summary>Networks can be listed and looked up.</summary>
    NetworkReading = 1 << 15,

    /// <summary>Networks can be made, started, stopped and removed.</summary>
    Networks = 1 << 16,

    /// <summary>Running networks can be changed.</summary>
    NetworkUpdate = 1 << 17,
    DhcpLeases = 1 << 18,

    /// <summary>Pools can be defined, built and removed.</summary>
    Pools = 1 << 19,

    /// <summary>All pools, and all volumes of a pool, can be listed.</summary>
    PoolListing = 1 << 20,

    /// <summary>Volumes can be made and removed.</summary>
    Volumes = 1 << 21,
    VolumeUpload = 1 << 22,
    VolumeResize = 1 << 23,

    /// <summary>Several domains made with validation and flags (virDomainDefineXMLFlags).</summary>
    DefineFlags = 1 << 24,
}
