using System.Collections.Immutable;

namespace Provision.Providers.Libvirt.Access;

/// <summary>What a machine does.</summary>
public enum MachinePower
{
    Off,
    Running,
    Paused,

    /// <summary>Ended by itself, not by shutting down.</summary>
    Crashed,
}

/// <summary>A machine as it is right now.</summary>
/// <param name="Name">Its name at the hypervisor.</param>
/// <param name="Power">What it does.</param>
/// <param name="Addresses">The addresses it is known to have, interface by interface; without those of its loopback and without link-local ones.</param>
/// <param name="StartedAt">Since when it runs; null where that cannot be told.</param>
public sealed record MachineStatus(string Name, MachinePower Power, ImmutableArray<string> Addresses, DateTimeOffset? StartedAt = null);
