namespace Provision.Providers.Libvirt.Binding;

/// <summary>libvirt's VIR_DOMAIN_AFFECT_*: which form of a domain a change reaches.</summary>
[Flags]
internal enum Affect : uint
{
    /// <summary>The running one where it runs, else the defined one.</summary>
    Current = 0,
    Live = 1,
    Config = 2,
}

[Flags]
internal enum DomainXml : uint
{
    /// <summary>As it runs.</summary>
    Live = 0,

    /// <summary>With passwords.</summary>
    Secure = 1,

    /// <summary>As it is defined, and will be after the next start.</summary>
    Inactive = 2,
}

[Flags]
internal enum StartFlags : uint
{
    None = 0,
    Paused = 1,

    /// <summary>Discards a saved image instead of resuming it.</summary>
    ForceBoot = 8,
}

[Flags]
internal enum ShutdownWay : uint
{
    /// <summary>What the hypervisor prefers.</summary>
    Any = 0,
    PowerButton = 1,
    GuestAgent = 2,
}

[Flags]
internal enum UndefineFlags : uint
{
    None = 0,
    ManagedSave = 1,
    SnapshotsMetadata = 2,
    Nvram = 4,
    KeepNvram = 8,
    CheckpointsMetadata = 16,
}

/// <summary>Where the addresses of a domain are looked up.</summary>
internal enum AddressSource : uint
{
    Lease = 0,
    Agent = 1,
    Arp = 2,
}

internal enum NetworkUpdateCommand : uint
{
    Modify = 1,
    Delete = 2,
    AddLast = 3,
}

internal enum NetworkSection : uint
{
    IpDhcpHost = 4,
    IpDhcpRange = 5,
    DnsHost = 10,
    DnsTxt = 11,
    DnsSrv = 12,
}

/// <summary>Which figures <see cref="DomainCalls.AllStats"/> gathers.</summary>
[Flags]
internal enum DomainStatsGroups : uint
{
    State = 1,
    CpuTotal = 2,
    Balloon = 4,
    Vcpu = 8,
    Interface = 16,
    Block = 32,
}

[Flags]
internal enum RevertFlags : uint
{
    None = 0,
    Running = 1,
    Paused = 2,
    Force = 4,
}

[Flags]
internal enum SnapshotDeleteFlags : uint
{
    None = 0,
    Children = 1,
    MetadataOnly = 2,
}

internal enum PoolStatus
{
    Inactive = 0,
    Building = 1,
    Running = 2,
    Degraded = 3,
    Inaccessible = 4,
}
