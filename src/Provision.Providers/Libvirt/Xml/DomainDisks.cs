using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>A domain's disks as elements. Pure.</summary>
/// <remarks>
/// Disks in pools go in as files by their path: AppArmor's helper does not see through <c>type='volume'</c>. The cache is left at write-back,
/// which honours the guest's flushes: a cache of none fails on file systems without direct I/O.
/// </remarks>
internal static class DomainDisks
{
    /// <summary>The seed disk's place, behind all that a person will declare.</summary>
    private const string SeedTarget = "vdz";
    private const string IgnitionTarget = "vdy";

    public static bool TakesIgnitionAsDisk(DomainFacts facts) => facts.Arch is "s390x" or "ppc64" or "ppc64le";

    public static IEnumerable<XElement> All(PropertyMap inputs, DomainFacts facts, DomainView? previous)
    {
        var program = new InputReader(inputs);
        var targets = Targets(inputs, facts, previous);
        foreach (var (i, disk) in program.Objects("disks").Index())
        {
            yield return Keep(Element(disk, facts, targets[i]), previous);
        }

        if (program.Text("cloudinit") is { } seed)
        {
            yield return Keep(Seed(SeedId.PathOf(seed), SeedId.SerialOf(seed), facts), previous);
        }

        if (program.Text("coreosIgnition") is { } ignition && facts.IsQemu && TakesIgnitionAsDisk(facts))
        {
            yield return Keep(
                new XElement(
                    "disk", new XAttribute("type", "file"), new XAttribute("device", "disk"), Driver("raw"), Source("file", SeedId.PathOf(ignition)),
                    Target(IgnitionTarget, "virtio"), new XElement("readonly"), new XElement("serial", "ignition")),
                previous);
        }
    }

    /// <summary>One disk, for attaching to a running domain.</summary>
    public static string One(PropertyMap inputs, int index, DomainFacts facts, DomainView previous) =>
        Element(new InputReader(inputs).Objects("disks")[index], facts, Targets(inputs, facts, previous)[index]).ToString();

    /// <summary>
    /// The device names, one a disk. A disk that is there keeps its own: the names of others must not move when one is added or taken away.
    /// </summary>
    private static ImmutableArray<DiskTarget> Targets(PropertyMap inputs, DomainFacts facts, DomainView? previous)
    {
        var disks = new InputReader(inputs).Objects("disks");
        var chosen = new DiskTarget?[disks.Length];
        var taken = new HashSet<string>(StringComparer.Ordinal) { SeedTarget, IgnitionTarget };
        foreach (var (i, disk) in disks.Index())
        {
            var bus = BusOf(disk, facts);
            var source = SourceOf(disk, facts).Key;
            if (previous?.Disks.FirstOrDefault(one => one.Source == source && one.Bus == bus) is { } there && taken.Add(there.Target))
            {
                chosen[i] = new DiskTarget(there.Target, bus);
            }
        }

        for (var i = 0; i < chosen.Length; i++)
        {
            if (chosen[i] is null)
            {
                var bus = BusOf(disks[i], facts);
                chosen[i] = new DiskTarget(Names(PrefixOf(bus)).First(taken.Add), bus);
            }
        }

        return [.. chosen.OfType<DiskTarget>()];
    }

    /// <summary>vda … vdz, vdaa, …</summary>
    private static IEnumerable<string> Names(string prefix)
    {
        for (var i = 0; ; i++)
        {
            var letters = "";
            for (var rest = i; rest >= 0; rest = (rest / 26) - 1)
            {
                letters = (char)('a' + (rest % 26)) + letters;
            }

            yield return prefix + letters;
        }
    }

    private static string PrefixOf(string bus) => bus switch
    {
        "virtio" => "vd",
        "ide" => "hd",
        "xen" => "xvd",
        _ => "sd",
    };

    /// <summary>By the driver and the machine type: no IDE where the machine has none, and virtio wherever it can be.</summary>
    private static string BusOf(InputReader disk, DomainFacts facts) =>
        disk.Flag("scsi") == true ? "scsi"
        : IsCdrom(disk) ? !facts.IsX86 ? "scsi" : facts.IsQ35 ? "sata" : "ide"
        : facts.Type switch
        {
            "xen" => "xen",
            "vmware" => "scsi",
            "vbox" => "sata",
            "hyperv" => "ide",
            _ => "virtio",
        };

    /// <summary>As upstream takes it: by the ending of a file or URL.</summary>
    internal static bool IsCdrom(InputReader disk)
    {
        var path = disk.Text("file") ?? (Uri.TryCreate(disk.Text("url"), UriKind.Absolute, out var url) ? url.AbsolutePath : "");
        return path.EndsWith(".iso", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What identifies a disk, whatever the input that names it.</summary>
    internal static (string Type, string Key) SourceOf(InputReader disk, DomainFacts facts) =>
        disk.Text("volumeId") is { } volume ? facts.Disks.TryGetValue(volume, out var fact) ? ("file", fact.Path) : ("file", volume)
        : disk.Text("file") is { } file ? ("file", file)
        : disk.Text("blockDevice") is { } device ? ("block", device)
        : ("network", disk.Text("url") ?? "");

    private static XElement Element(InputReader disk, DomainFacts facts, DiskTarget target)
    {
        var (type, key) = SourceOf(disk, facts);
        var cdrom = IsCdrom(disk);
        return new XElement(
            "disk",
            new XAttribute("type", type),
            new XAttribute("device", cdrom ? "cdrom" : "disk"),
            facts.IsQemu || facts.Type == "test" ? Driver(FormatOf(disk, facts, key), discards: !cdrom && facts.IsQemu) : null,
            type switch
            {
                "network" => NetworkSource(key),
                "block" => Source("dev", key),
                _ => Source("file", key),
            },
            Target(target.Name, target.Bus),
            cdrom ? new XElement("readonly") : null,
            facts.IsFullMachine && disk.Text("__serial") is { } serial ? new XElement("serial", serial) : null,
            target.Bus == "scsi" && disk.Text("wwn") is { } wwn ? new XElement("wwn", wwn) : null);
    }

    /// <summary>A virtio disk: the small kernels of cloud images have no drivers for anything else.</summary>
    private static XElement Seed(string path, string serial, DomainFacts facts)
    {
        var bus = facts.Type == "xen" ? "xen" : facts.IsFullMachine ? "virtio" : "sata";
        return new XElement(
            "disk", new XAttribute("type", "file"), new XAttribute("device", bus == "sata" ? "cdrom" : "disk"),
            facts.IsFullMachine ? Driver("raw") : null, Source("file", path), Target(bus == "sata" ? "sdz" : bus == "xen" ? "xvdz" : SeedTarget, bus),
            new XElement("readonly"), new XElement("serial", serial));
    }

    /// <summary>A volume's format is known; of other files the ending tells, as upstream takes it.</summary>
    private static string FormatOf(InputReader disk, DomainFacts facts, string key) =>
        (disk.Text("volumeId") ?? disk.Text("file")) is { } named && facts.Disks.TryGetValue(named, out var fact) ? fact.Format
        : disk.Text("blockDevice") is null && key.EndsWith(".qcow2", StringComparison.OrdinalIgnoreCase) ? "qcow2"
        : "raw";

    /// <summary>https://host:443/images/disk.qcow2 is a disk that the emulator reads over the network.</summary>
    private static XElement NetworkSource(string url)
    {
        var parsed = new Uri(url, UriKind.Absolute);
        return new XElement(
            "source", new XAttribute("protocol", parsed.Scheme), new XAttribute("name", Uri.UnescapeDataString(parsed.AbsolutePath)),
            new XElement("host", new XAttribute("name", parsed.Host), new XAttribute("port", parsed.Port.ToString(CultureInfo.InvariantCulture))));
    }

    private static XElement Driver(string format, bool discards = false) =>
        new("driver", new XAttribute("name", "qemu"), new XAttribute("type", format), discards ? new XAttribute("discard", "unmap") : null);

    private static XElement Source(string attribute, string value) => new("source", new XAttribute(attribute, value));

    private static XElement Target(string name, string bus) => new("target", new XAttribute("dev", name), new XAttribute("bus", bus));

    private static XElement Keep(XElement disk, DomainView? previous)
    {
        var target = disk.Element("target");
        var there = previous?.Disks.FirstOrDefault(one => one.Target == target?.Attribute("dev")?.Value && one.Bus == target?.Attribute("bus")?.Value);
        disk.Add(there?.Address);
        return disk;
    }

    private sealed record DiskTarget(string Name, string Bus);
}
