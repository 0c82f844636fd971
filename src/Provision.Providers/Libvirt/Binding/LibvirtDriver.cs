using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>
/// A row of the table of what each of libvirt's hypervisor drivers can (libvirt 9.0's support matrix). What a driver lacks is never asked of
/// it, and is said in the plan instead of failing half way.
/// </summary>
/// <param name="Name">As a person calls it.</param>
/// <param name="Schemes">The URI schemes it answers to, without "+transport".</param>
/// <param name="DomainTypes">The types of the domains it runs.</param>
/// <param name="Features">What it has.</param>
internal sealed record LibvirtDriver(string Name, ImmutableArray<string> Schemes, ImmutableArray<string> DomainTypes, LibvirtFeature Features)
{
    private const LibvirtFeature DaemonNetworks = LibvirtFeature.NetworkReading | LibvirtFeature.Networks | LibvirtFeature.NetworkUpdate | LibvirtFeature.DhcpLeases;

    private const LibvirtFeature DaemonStorage =
        LibvirtFeature.Pools | LibvirtFeature.PoolListing | LibvirtFeature.Volumes | LibvirtFeature.VolumeUpload | LibvirtFeature.VolumeResize;

    public static readonly LibvirtDriver Qemu = new(
        "QEMU", ["qemu"], ["kvm", "qemu"],
        LibvirtFeature.Events | LibvirtFeature.Capabilities | LibvirtFeature.DomainCapabilities | LibvirtFeature.AllStats | LibvirtFeature.Autostart
        | LibvirtFeature.Metadata | LibvirtFeature.UndefineAll | LibvirtFeature.Suspend | LibvirtFeature.Reset | LibvirtFeature.HotPlug | LibvirtFeature.BlockResize
        | LibvirtFeature.Addresses | LibvirtFeature.GuestAgent | LibvirtFeature.Console | LibvirtFeature.Snapshots | LibvirtFeature.DefineFlags
        | DaemonNetworks | DaemonStorage);

    public static readonly LibvirtDriver Test = new(
        "test", ["test"], ["test"],
        LibvirtFeature.Events | LibvirtFeature.Capabilities | LibvirtFeature.AllStats | LibvirtFeature.Autostart | LibvirtFeature.Metadata | LibvirtFeature.Suspend
        | LibvirtFeature.Reset | LibvirtFeature.Addresses | LibvirtFeature.Snapshots | LibvirtFeature.DefineFlags
        | LibvirtFeature.NetworkReading | LibvirtFeature.Networks | LibvirtFeature.NetworkUpdate
        | LibvirtFeature.Pools | LibvirtFeature.PoolListing | LibvirtFeature.Volumes);

    public static readonly ImmutableArray<LibvirtDriver> All =
    [
        Qemu,
        Test,
        new(
            "LXC", ["lxc"], ["lxc"],
            LibvirtFeature.Events | LibvirtFeature.Capabilities | LibvirtFeature.Autostart | LibvirtFeature.Metadata | LibvirtFeature.Suspend | LibvirtFeature.HotPlug
            | LibvirtFeature.Addresses | LibvirtFeature.Console | LibvirtFeature.DefineFlags | DaemonNetworks | DaemonStorage),
        new(
            "Xen", ["xen"], ["xen"],
            LibvirtFeature.Events | LibvirtFeature.Capabilities | LibvirtFeature.DomainCapabilities | LibvirtFeature.Autostart | LibvirtFeature.Metadata
            | LibvirtFeature.Suspend | LibvirtFeature.HotPlug | LibvirtFeature.Addresses | LibvirtFeature.Console | LibvirtFeature.DefineFlags
            | DaemonNetworks | DaemonStorage),
        new(
            "ESX", ["esx", "vpx", "gsx"], ["vmware"],
            LibvirtFeature.Capabilities | LibvirtFeature.Autostart | LibvirtFeature.Suspend | LibvirtFeature.Addresses | LibvirtFeature.Snapshots | LibvirtFeature.DefineFlags
            | LibvirtFeature.NetworkReading | LibvirtFeature.Volumes),
        new(
            "VirtualBox", ["vbox"], ["vbox"],
            LibvirtFeature.Capabilities | LibvirtFeature.Suspend | LibvirtFeature.HotPlug | LibvirtFeature.Snapshots | LibvirtFeature.DefineFlags
            | LibvirtFeature.NetworkReading | LibvirtFeature.Networks | LibvirtFeature.PoolListing | LibvirtFeature.Volumes),
        new("VMware", ["vmwareplayer", "vmwarews", "vmwarefusion"], ["vmware"], LibvirtFeature.Suspend | LibvirtFeature.DefineFlags),
        new(
            "Hyper-V", ["hyperv"], ["hyperv"],
            LibvirtFeature.Capabilities | LibvirtFeature.Autostart | LibvirtFeature.Suspend | LibvirtFeature.Reset | LibvirtFeature.NetworkReading),
    ];

    /// <summary>Whether a URI has to say which instance: system or session, or the test driver's set-up.</summary>
    public bool PathIsNeeded => Name is "QEMU" or "test" or "VirtualBox";

    public bool Has(LibvirtFeature features) => (Features & features) == features;

    /// <summary>The row for a URI's scheme, <c>qemu+ssh</c>; null where libvirt has no such driver.</summary>
    public static LibvirtDriver? OfScheme(string scheme)
    {
        var name = scheme.Split('+', 2)[0];
        return All.FirstOrDefault(driver => driver.Schemes.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The plan's word that the driver lacks what an input asks for; null where it has it.</summary>
    /// <param name="needed">What is needed.</param>
    /// <param name="path">The input that asks for it; the root for the resource as a whole.</param>
    /// <param name="what">Plural or uncountable, to follow "has no": "autostart".</param>
    /// <param name="remedy">What to do instead.</param>
    public CheckFailure? Lacks(LibvirtFeature needed, PropertyPath path, string what, string remedy) =>
        Has(needed) ? null : new CheckFailure(path, $"libvirt's {Name} driver has no {what}", remedy);
}
