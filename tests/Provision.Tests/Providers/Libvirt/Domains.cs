using System.Collections.Immutable;
using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Xml;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>Domains for tests of pure code.</summary>
internal static class Domains
{
    public const string Root = "/var/lib/provision/pools/dev-disks/box.qcow2";
    public const string Data = "/var/lib/provision/pools/dev-disks/box-data.qcow2";
    public const string Seed = "/var/lib/provision/pools/dev-disks/box.iso;0190a3f0-1111-8222-8333-444455556666";
    public const string Mac = "52:54:00:aa:bb:01";

    public static readonly Urn Urn = Urn.Create("dev", "lab", null, new ResourceType("libvirt:index/domain:Domain"), "box");

    public static readonly PropertyMap Inputs = PropertyMap.Of(
        ("name", "dev-box"),
        ("type", "qemu"),
        ("memory", 96),
        ("vcpu", 1),
        ("kernel", "/var/lib/provision/kernels/vmlinuz"),
        ("initrd", "/var/lib/provision/kernels/initrd.img"),
        ("cmdlines", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("console", "ttyS0")), PropertyMap.Of(("_", "quiet"))])),
        ("disks", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("volumeId", Root), ("__serial", "root")), PropertyMap.Of(("volumeId", Data), ("__serial", "data"))])),
        ("cloudinit", Seed),
        ("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "dev-net"), ("mac", Mac), ("waitForLease", true))])));

    public static DomainFacts Facts(PropertyMap inputs) => new()
    {
        Type = "qemu",
        Uuid = Guid.Parse("11111111-2222-8333-8444-555555555555"),
        Name = "dev-box",
        Arch = "x86_64",
        Machine = "q35",
        Emulator = "/usr/bin/qemu-system-x86_64",
        Disks = ImmutableDictionary<string, DiskFact>.Empty.Add(Root, new DiskFact(Root, "qcow2")).Add(Data, new DiskFact(Data, "raw")),
        Macs = MacAddresses.Of(Urn, inputs),
        ConsoleLog = "/var/lib/provision/pools/dev-disks/dev-box.console.log",
    };

    public static string Xml(PropertyMap inputs, DomainView? previous = null) => DomainWriter.Write(inputs, Facts(inputs), Stamp, previous);

    public static XElement Stamp => new LibvirtStamp("lab", "dev", Urn.ToString(), null).ToXml();

    /// <summary>The outputs of a domain that was made with the inputs and does what it shall.</summary>
    public static PropertyMap Outputs(PropertyMap inputs, DomainSight? sight = null) =>
        DomainShape.Outputs(Urn, DomainView.Parse(Xml(inputs)), sight ?? Running, inputs, PropertyMap.Empty);

    public static DomainSight Running => new() { State = "running", Autostart = false };

    public static DiffResponse Diff(PropertyMap before, PropertyMap after, DomainSight? sight = null, PropertyMap? outputs = null) =>
        DomainDiff.Compare(new DiffRequest(Urn, "11111111-2222-8333-8444-555555555555", before, outputs ?? Outputs(before, sight), after), hotPlugs: true);

    /// <summary>path class, one a line.</summary>
    public static string[] Classes(DiffResponse diff) => [.. diff.Changes.Select(change => $"{change.Path} {change.Apply}".ToLowerInvariant())];
}
