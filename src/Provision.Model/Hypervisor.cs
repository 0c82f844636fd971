using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>What runs the virtual machines, and so how libvirt reaches it.</summary>
public enum HypervisorKind
{
    /// <summary>QEMU with the processor's help where it offers any; plain emulation, said in the plan, where it does not.</summary>
    Kvm,

    /// <summary>QEMU in plain emulation, whatever the processor offers.</summary>
    Qemu,

    /// <summary>Xen.</summary>
    Xen,

    /// <summary>Linux containers that libvirt manages.</summary>
    Lxc,

    /// <summary>VMware ESX or vCenter.</summary>
    Esx,

    /// <summary>VMware Workstation.</summary>
    Vmware,

    /// <summary>VirtualBox.</summary>
    VirtualBox,

    /// <summary>Microsoft Hyper-V.</summary>
    HyperV,

    /// <summary>libvirt's own pretence, in which nothing runs.</summary>
    Test,
}

/// <summary>A hypervisor of a host, reached through libvirt, and what runs on it.</summary>
public sealed record Hypervisor : Declared
{
    /// <summary>A hypervisor of that name and kind.</summary>
    public Hypervisor(
        string name, HypervisorKind kind = HypervisorKind.Kvm, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
        Kind = kind;
    }

    /// <summary>What runs the machines.</summary>
    public HypervisorKind Kind { get; init; }

    /// <summary>libvirt's URI of it, such as <c>qemu:///system</c>. Null: the usual one of its kind.</summary>
    public string? Connection { get; init; }

    /// <summary>Install libvirt and QEMU where they are missing, and start what does not run. Other kinds are there, or are not.</summary>
    public bool Prepare { get; init; } = true;

    /// <summary>Leave libvirt and QEMU installed and running when the stack goes.</summary>
    public bool KeepOnDestroy { get; init; } = true;

    /// <summary>Networks between its machines.</summary>
    public ImmutableArray<VirtualNetwork> Networks { get; init; } = [];

    /// <summary>Where its disks lie. Empty: a folder of the stack's own.</summary>
    public ImmutableArray<StoragePool> Pools { get; init; } = [];

    /// <summary>Its virtual machines.</summary>
    public ImmutableArray<VirtualMachine> Machines { get; init; } = [];

    /// <summary>The URI that is meant; null where its kind has no usual one and none was given.</summary>
    internal string? Uri => Connection ?? HypervisorFeatures.Of(Kind).Connection;

    /// <summary>Whether Provision installs and starts it.</summary>
    internal bool IsPrepared => Prepare && Kind is HypervisorKind.Kvm or HypervisorKind.Qemu;
}
