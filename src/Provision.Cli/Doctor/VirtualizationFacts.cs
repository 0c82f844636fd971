using System.Collections.Immutable;
using Provision.Providers.Libvirt;

namespace Provision.Cli.Doctor;

/// <summary>What was found out about this machine as a place for machines; judged by <see cref="VirtualizationChecks"/>.</summary>
internal sealed record VirtualizationFacts
{
    /// <summary>Whether machines may use the processor, and if not, why: the same fact that decides how a machine is made.</summary>
    public required HostVirtualization Virtualization { get; init; }

    /// <summary>Whether there is a <c>/dev/kvm</c>.</summary>
    public bool HasDevice { get; init; }

    /// <summary>The kernel's word on nested virtualisation: Y, 1, N, 0; null without a KVM module.</summary>
    public string? Nested { get; init; }

    public bool IsRoot { get; init; }

    public string User { get; init; } = "";

    /// <summary>The groups of the user, and those that there are.</summary>
    public ImmutableHashSet<string> Groups { get; init; } = [];

    public ImmutableHashSet<string> KnownGroups { get; init; } = [];

    public bool HasLibrary { get; init; }

    /// <summary>The daemon's socket; null where there is none.</summary>
    public string? Socket { get; init; }

    /// <summary>The daemon in its own words; null where it does not answer.</summary>
    public string? Daemon { get; init; }

    /// <summary>Why it does not answer.</summary>
    public (string Message, string? Remedy, bool Denied)? DaemonProblem { get; init; }

    /// <summary>Programs that were looked for, with where each is; null for those that are nowhere.</summary>
    public ImmutableSortedDictionary<string, string?> Programs { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    /// <summary>Free bytes by folder.</summary>
    public ImmutableSortedDictionary<string, long> Free { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>IPv4 networks of this machine with their interfaces.</summary>
    public ImmutableArray<UsedSubnet> Subnets { get; init; } = [];

    /// <summary><c>net.ipv4.ip_forward</c>; null where it cannot be read.</summary>
    public string? IpForward { get; init; }

    public bool HasAppArmor { get; init; }

    /// <summary>Whether AppArmor confines libvirt's machines.</summary>
    public bool AppArmorHasLibvirt { get; init; }
}
