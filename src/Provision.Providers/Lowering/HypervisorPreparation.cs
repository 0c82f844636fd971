using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>libvirt and QEMU of a host: the packages, and the daemons in the order of their start.</summary>
internal static class HypervisorPreparation
{
    private const string LogService = "virtlogd";
    private const string Service = "libvirtd";

    private static readonly HostPackage Libvirt = Package("libvirt-daemon-system", "libvirt", "libvirtd");
    private static readonly HostPackage QemuX64 = Package("qemu-system-x86", "qemu-kvm", "qemu-system-x86_64");
    private static readonly HostPackage QemuArm64 = Package("qemu-system-arm", "qemu-kvm", "qemu-system-aarch64");
    private static readonly HostPackage FirmwareX64 = Package("ovmf", "edk2-ovmf", null);
    private static readonly HostPackage FirmwareArm64 = Package("qemu-efi-aarch64", "edk2-aarch64", null);
    private static readonly HostPackage Tpm = Package("swtpm-tools", "swtpm-tools", "swtpm_setup");

    // Where no init runs, the daemons run under it: it takes in their orphans, which are the machines' processes.
    private static readonly HostPackage Reaper = Package("tini", "tini", "tini");

    // What libvirt calls for its networks; its own package only recommends them.
    private static readonly HostPackage[] ForNetworks = [Package("dnsmasq-base", "dnsmasq", "dnsmasq"), Package("iptables", "iptables-nft", "iptables")];

    /// <summary>A package by its names on Debian and on Fedora.</summary>
    public static HostPackage Package(string apt, string dnf, string? command) =>
        new(apt) { Names = new() { ["apt"] = apt, ["dnf"] = dnf }, Command = command };

    public static IEnumerable<HostPackage> Packages(Host host)
    {
        var prepared = host.Hypervisors.Where(hypervisor => hypervisor.IsPrepared).ToArray();
        if (prepared.Length == 0)
        {
            return [];
        }

        var (arm, keep) = (host.Architecture == Architecture.Arm64, prepared.Any(hypervisor => hypervisor.KeepOnDestroy));
        var machines = prepared.SelectMany(hypervisor => hypervisor.Machines).ToArray();
        HostPackage[] packages =
        [
            Libvirt, Reaper, arm ? QemuArm64 : QemuX64, .. ForNetworks,
            .. machines.Any(machine => machine.Firmware != Firmware.Bios) ? [arm ? FirmwareArm64 : FirmwareX64] : Array.Empty<HostPackage>(),
            .. machines.Any(machine => machine.Tpm) ? [Tpm] : Array.Empty<HostPackage>(),
        ];
        return packages.Select(package => package with { Keep = keep });
    }

    public static IEnumerable<ResourceGoal> Services(Host host, StackNames names)
    {
        var prepared = host.Hypervisors.Where(hypervisor => hypervisor.IsPrepared).ToArray();
        if (prepared.Length == 0)
        {
            yield break;
        }

        // libvirtd looks once, when it starts, which emulators there are.
        var (keep, packages) = (prepared.Any(hypervisor => hypervisor.KeepOnDestroy), Packages(host).Select(package => names.PackageUrn(host, package.Name)));
        yield return Goal(LogService, "/run/libvirt/virtlogd-sock", keep, [names.PackageUrn(host, Libvirt.Name), names.PackageUrn(host, Reaper.Name)], host, names);
        yield return Goal(Service, "/run/libvirt/libvirt-sock", keep, [names.ServiceUrn(host, LogService), .. packages], host, names);
    }

    /// <summary>What has to be there before a connection can be made.</summary>
    public static IEnumerable<Urn> DependenciesOf(Hypervisor hypervisor, Host host, StackNames names) =>
        hypervisor.IsPrepared ? [names.ServiceUrn(host, Service)] : [];

    private static ResourceGoal Goal(string name, string socket, bool keep, ImmutableArray<Urn> waitsFor, Host host, StackNames names) => new()
    {
        Urn = names.ServiceUrn(host, name),
        Custom = true,
        Parent = names.UrnOf(host),
        Provider = names.HostProviderOf(host),
        Inputs = PropertyMap.Of(
            ("name", name),
            ("unit", name),
            ("command", PropertyValue.ListOf([name])),
            ("running", true),
            ("enabled", true),
            ("readySocket", socket),
            ("keep", keep)),
        Options = HostLowering.Kept(keep, waitsFor),
        SourcePosition = names.SourceOf(host),
    };
}
