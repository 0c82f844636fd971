using System.Collections.Immutable;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>What the inputs leave to the host, as values: a domain's XML is written from these and the inputs alone.</summary>
internal sealed record DomainFacts
{
    /// <summary>The domain's type: kvm, qemu, test, lxc, …</summary>
    public required string Type { get; init; }

    public required Guid Uuid { get; init; }

    public required string Name { get; init; }

    /// <summary>x86_64, aarch64, …; null where the driver need not be told.</summary>
    public string? Arch { get; init; }

    /// <summary>Where the program names no machine type.</summary>
    public string? Machine { get; init; }

    public string? Emulator { get; init; }

    /// <summary>What each disk given by a volume's key or a path is, by what the program wrote.</summary>
    public ImmutableDictionary<string, DiskFact> Disks { get; init; } = ImmutableDictionary<string, DiskFact>.Empty;

    /// <summary>The names of networks given by UUID.</summary>
    public ImmutableDictionary<string, string> NetworkNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The MAC address of each NIC, in the order of the inputs.</summary>
    public ImmutableArray<string> Macs { get; init; } = [];

    /// <summary>Where the serial console is written down beside being open to a person; null for nowhere.</summary>
    public string? ConsoleLog { get; init; }

    /// <summary>Whether that libvirt and emulator know the translation cache's size and the "maximum" processor.</summary>
    public bool TunesEmulation { get; init; } = true;

    public bool IsQemu => Type is "kvm" or "qemu";

    /// <summary>Whether the machine has the devices of a PC: the test driver only pretends, but to all of them.</summary>
    public bool IsFullMachine => IsQemu || Type is "test" or "xen";

    public bool IsX86 => Arch is "x86_64" or "i686";

    /// <summary>Neither a graphics card nor a power button nor PCI.</summary>
    public bool IsMainframe => Arch is "s390x" or "s390";

    public bool IsQ35 => IsX86 && (Machine is { } machine && machine.Contains("q35", StringComparison.Ordinal));
}

/// <param name="Path">The file or device.</param>
/// <param name="Format">qcow2, raw, …</param>
internal readonly record struct DiskFact(string Path, string Format);
