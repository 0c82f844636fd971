using System.Collections.Immutable;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>libvirt's virDomainState.</summary>
internal enum DomainRunState
{
    NoState = 0,
    Running = 1,
    Blocked = 2,
    Paused = 3,

    /// <summary>Being shut down; still there.</summary>
    ShuttingDown = 4,
    Off = 5,
    Crashed = 6,
    PowerManagementSuspended = 7,
}

/// <param name="Run">What it does.</param>
/// <param name="Reason">libvirt's reason number.</param>
internal readonly record struct DomainState(DomainRunState Run, int Reason)
{
    /// <summary>It has a process, so its disks are open.</summary>
    public bool IsActive => Run is not (DomainRunState.Off or DomainRunState.Crashed or DomainRunState.NoState);
}

/// <param name="MaxMemory">Bytes.</param>
/// <param name="Memory">Bytes.</param>
internal sealed record DomainFigures(DomainRunState Run, long MaxMemory, long Memory, int Processors, TimeSpan CpuTime);

/// <summary>Sizes of a disk, in bytes.</summary>
internal sealed record BlockFigures(long Capacity, long Allocation, long Physical);

internal sealed record GuestAddress(string Address, int Prefix, bool IsV6);

/// <param name="Name">The host's end (vnet0) or the guest's name (eth0), as the source knows it.</param>
/// <param name="Mac">Lower case.</param>
internal sealed record InterfaceAddresses(string Name, string Mac, ImmutableArray<GuestAddress> Addresses);

/// <param name="Values">By libvirt's names; numbers are long or double, flags bool, texts string.</param>
internal sealed record DomainStats(string Uuid, string Name, ImmutableDictionary<string, object> Values)
{
    public long? Number(string name) => Values.TryGetValue(name, out var value) && value is long number ? number : null;

    public string? Text(string name) => Values.TryGetValue(name, out var value) ? value as string : null;
}

/// <param name="Expires">When the lease ends.</param>
internal sealed record DhcpLease(string Mac, string Address, int Prefix, bool IsV6, string HostName, DateTimeOffset Expires);

/// <summary>Sizes of a pool, in bytes.</summary>
internal sealed record PoolFigures(PoolStatus Status, long Capacity, long Allocation, long Available);

/// <summary>Sizes of a volume, in bytes.</summary>
internal sealed record VolumeFigures(long Capacity, long Allocation);
