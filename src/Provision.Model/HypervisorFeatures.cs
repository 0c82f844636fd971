using System.Diagnostics;

namespace Provision.Model;

/// <summary>What libvirt's driver of a kind can do, as far as a stack can ask for it.</summary>
/// <param name="Connection">Its usual URI; null where there is none.</param>
/// <param name="Disks">Pools and volumes can be made, so a machine can get disks of its own.</param>
/// <param name="Networks">Networks can be made.</param>
/// <param name="FirstBoot">A disk can be filled with what the first boot needs.</param>
/// <param name="Devices">Firmware, TPM and graphics can be chosen.</param>
internal sealed record HypervisorFeatures(string? Connection, bool Disks, bool Networks, bool FirstBoot, bool Devices)
{
    public static HypervisorFeatures Of(HypervisorKind kind) => kind switch
    {
        HypervisorKind.Kvm or HypervisorKind.Qemu => new("qemu:///system", Disks: true, Networks: true, FirstBoot: true, Devices: true),
        HypervisorKind.Xen => new("xen:///system", Disks: true, Networks: true, FirstBoot: true, Devices: false),
        HypervisorKind.Test => new("test:///default", Disks: true, Networks: true, FirstBoot: false, Devices: true),
        HypervisorKind.Lxc => new("lxc:///", Disks: false, Networks: true, FirstBoot: false, Devices: false),
        HypervisorKind.VirtualBox => new("vbox:///session", Disks: false, Networks: false, FirstBoot: false, Devices: false),
        HypervisorKind.Vmware => new("vmwarews:///session", Disks: false, Networks: false, FirstBoot: false, Devices: false),
        HypervisorKind.Esx or HypervisorKind.HyperV => new(null, Disks: false, Networks: false, FirstBoot: false, Devices: false),
        _ => throw new UnreachableException(),
    };
}
