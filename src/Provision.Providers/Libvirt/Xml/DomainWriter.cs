using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>
/// Writes a domain's XML from inputs and facts. Pure. Every text goes in through the XML API, so that no name, description or path
/// can become an element.
/// </summary>
internal static class DomainWriter
{
    /// <summary>What <c>__firmware</c> says in the place of Pulumi's path of a loader.</summary>
    public const string Efi = "efi";
    public const string EfiSecure = "efi-secure";

    private const int TranslationCacheMiB = 32;

    /// <param name="inputs">Checked inputs, all known.</param>
    /// <param name="facts">What they leave open.</param>
    /// <param name="stamp">Our metadata element; null where the driver keeps none.</param>
    /// <param name="previous">The domain as it is defined, where there is one: what it has keeps its place on the bus.</param>
    public static string Write(PropertyMap inputs, DomainFacts facts, XElement? stamp, DomainView? previous)
    {
        var program = new InputReader(inputs);
        var machine = program.Text("machine") ?? facts.Machine;
        facts = facts with { Machine = machine };

        // Another machine type has other buses, on which no old place means anything.
        previous = previous?.Machine is { } before && machine is not null && !MachineTypes.IsTheSame(machine, before) ? null : previous;
        var domain = new XElement(
            "domain",
            new XAttribute("type", facts.Type),
            new XElement("name", facts.Name),
            new XElement("uuid", facts.Uuid.ToString("D")),
            program.Text("description") is { } description ? new XElement("description", description) : null,
            Metadata(program, stamp),
            new XElement("memory", new XAttribute("unit", "MiB"), program.Integer("memory") ?? 512),
            new XElement("vcpu", program.Integer("vcpu") ?? 1),
            Ignition(program, facts),
            Os(inputs, program, facts, machine),
            Features(inputs, facts),
            Cpu(program, facts),
            facts.IsFullMachine ? new XElement("clock", new XAttribute("offset", "utc")) : null,
            new XElement("on_poweroff", "destroy"),
            new XElement("on_reboot", "restart"),
            new XElement("on_crash", "destroy"),
            new XElement(
                "devices",
                (program.Text("emulator") ?? facts.Emulator) is { } emulator ? new XElement("emulator", emulator) : null,
                DomainDisks.All(inputs, facts, previous),
                DomainBuses.All(inputs, facts, previous),
                DomainInterfaces.All(inputs, facts, previous),
                DomainDevices.All(inputs, facts)));
        return StyleSheet.Apply(domain, program.Object("xml")?.Text("xslt"));
    }

    /// <summary>The program's own metadata beside ours: one element or more, each in a namespace of its own (libvirt's rule).</summary>
    private static XElement? Metadata(InputReader program, XElement? stamp)
    {
        var own = program.Text("metadata") is { } text ? ParseMetadata(text) : [];
        return stamp is null && own.Length == 0 ? null : new XElement("metadata", stamp, own);
    }

    /// <exception cref="XmlException">It is not well-formed.</exception>
    internal static XElement[] ParseMetadata(string text)
    {
        using var reader = XmlReader.Create(
            new StringReader(text), new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var elements = new List<XElement>();
        reader.MoveToContent();
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                elements.Add((XElement)XNode.ReadFrom(reader));
            }
            else
            {
                reader.Read();
            }
        }

        return [.. elements];
    }

    private static XElement Os(PropertyMap inputs, InputReader program, DomainFacts facts, string? machine)
    {
        var kind = facts.Type == "lxc" ? "exe" : "hvm";
        var type = new XElement(
            "type",
            facts.Arch is { } arch ? new XAttribute("arch", arch) : null,
            facts.IsQemu && machine is not null ? new XAttribute("machine", machine) : null,
            kind);
        var os = new XElement("os", type);
        AddFirmware(os, FirmwareOf(inputs, facts), program);
        if (kind == "exe")
        {
            os.Add(new XElement("init", "/sbin/init"));
        }

        AddText(os, "kernel", program.Text("kernel"));
        AddText(os, "initrd", program.Text("initrd"));
        AddText(os, "cmdline", CommandLine(inputs));
        foreach (var device in program.Objects("bootDevices").SelectMany(one => one.Texts("devs")))
        {
            os.Add(new XElement("boot", new XAttribute("dev", device)));
        }

        return os;
    }

    /// <summary>"efi", "efi-secure", the path of a loader, or null for the machine's own BIOS.</summary>
    internal static string? FirmwareOf(PropertyMap inputs, DomainFacts facts)
    {
        var program = new InputReader(inputs);
        var wanted = program.Text("__firmware") is { } word && word != "bios" ? word : program.Text("firmware");

        // This machine type has no BIOS; without a kernel of its own nothing would boot.
        return wanted ?? (facts is { Arch: "aarch64", IsQemu: true } && program.Text("kernel") is null ? Efi : null);
    }

    private static void AddFirmware(XElement os, string? firmware, InputReader program)
    {
        var nvram = program.Object("nvram");
        var store = nvram?.Text("file") is { } file || nvram?.Text("template") is not null
            ? new XElement("nvram", nvram?.Text("template") is { } template ? new XAttribute("template", template) : null, nvram?.Text("file"))
            : null;
        if (firmware is Efi or EfiSecure)
        {
            var secure = firmware == EfiSecure;
            os.Add(new XAttribute("firmware", "efi"));

            // Said for both: the firmware that libvirt prefers has keys enrolled, and boots no kernel of one's own.
            os.Add(new XElement("firmware", Feature("enrolled-keys", secure), Feature("secure-boot", secure)));
            if (secure)
            {
                os.Add(new XElement("loader", new XAttribute("secure", "yes")));
            }

            os.Add(store);
        }
        else if (firmware is not null)
        {
            os.Add(new XElement("loader", new XAttribute("readonly", "yes"), new XAttribute("secure", "no"), new XAttribute("type", "pflash"), firmware));
            os.Add(store);
        }
    }

    private static XElement Feature(string name, bool enabled) =>
        new("feature", new XAttribute("enabled", enabled ? "yes" : "no"), new XAttribute("name", name));

    /// <summary>
    /// The kernel's command line: <c>{console: ttyS0}</c> is <c>console=ttyS0</c>, and the key <c>_</c> stands for bare words. In the order of the
    /// list; within one map by name.
    /// </summary>
    public static string? CommandLine(PropertyMap inputs)
    {
        var words = Values.Items(inputs.Find("cmdlines"))
            .SelectMany(item => Values.Members(item))
            .Where(entry => !entry.Key.StartsWith("__", StringComparison.Ordinal))
            .Select(entry => (entry.Key, Text: (Values.Plain(entry.Value) as PropertyValue.String)?.Value ?? ""))
            .Select(entry => entry.Key == "_" ? entry.Text : $"{entry.Key}={entry.Text}");
        return string.Join(' ', words) is { Length: > 0 } line ? line : null;
    }

    private static XElement? Features(PropertyMap inputs, DomainFacts facts)
    {
        if (!facts.IsFullMachine || facts.IsMainframe || !(facts.IsX86 || facts.Arch is "aarch64"))
        {
            return null;
        }

        // Without ACPI there is no power button to press; on ARM it takes firmware.
        var firmware = FirmwareOf(inputs, facts);
        return new XElement(
            "features",
            facts.IsX86 || firmware is not null ? new XElement("acpi") : null,
            facts.IsX86 ? new XElement("apic") : null,
            firmware == EfiSecure && facts.IsX86 ? new XElement("smm", new XAttribute("state", "on")) : null,

            // Translated code grows to a gigabyte otherwise, for a guest of a tenth of that.
            facts is { Type: "qemu", TunesEmulation: true }
                ? new XElement("tcg", new XElement("tb-cache", new XAttribute("unit", "MiB"), TranslationCacheMiB.ToString(CultureInfo.InvariantCulture)))
                : null);
    }

    /// <summary>Distributions of today refuse the emulator's default processor (x86-64-v2 and later).</summary>
    private static XElement? Cpu(InputReader program, DomainFacts facts)
    {
        var mode = program.Object("cpu")?.Text("mode") ?? (facts.Type, facts.TunesEmulation) switch
        {
            ("kvm", _) => "host-passthrough",
            ("qemu", true) when facts.IsX86 || facts.Arch == "aarch64" => "maximum",
            _ => null,
        };
        return mode is null ? null : new XElement("cpu", new XAttribute("mode", mode));
    }

    /// <summary>First boot data of images that read it from the firmware's configuration device.</summary>
    private static XElement? Ignition(InputReader program, DomainFacts facts) =>
        program.Text("coreosIgnition") is { } ignition && facts.IsQemu && !DomainDisks.TakesIgnitionAsDisk(facts)
            ? new XElement(
                "sysinfo", new XAttribute("type", "fwcfg"),
                new XElement("entry", new XAttribute("name", program.Text("fwCfgName") ?? "opt/com.coreos/config"), new XAttribute("file", SeedId.PathOf(ignition))))
            : null;

    private static void AddText(XElement parent, string name, string? text)
    {
        if (text is not null)
        {
            parent.Add(new XElement(name, text));
        }
    }
}
