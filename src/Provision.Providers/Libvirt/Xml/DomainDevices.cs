using System.Globalization;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>All other devices: the serial console always, graphics only where asked for. Pure.</summary>
internal static class DomainDevices
{
    public static IEnumerable<XElement?> All(PropertyMap inputs, DomainFacts facts)
    {
        var program = new InputReader(inputs);
        return
        [
            .. Consoles(program, facts),
            .. facts.IsQemu ? [AgentChannel(), Random()] : Array.Empty<XElement>(),
            .. program.Objects("filesystems").Select(one => FileSystem(one, facts)),
            .. program.Object("graphics") is { } graphics ? Graphics(graphics, program, facts) : [],
            program.Object("video")?.Text("type") is { } video ? Video(video) : null,
            program.Object("tpm") is { } tpm ? Tpm(tpm, facts) : null,

            // A balloon nobody inflates costs an emulated machine interrupts.
            facts.Type == "qemu" ? new XElement("memballoon", new XAttribute("model", "none")) : null,
        ];
    }

    /// <summary>One console at least, on the first serial line: it is how a machine without a network is reached.</summary>
    private static IEnumerable<XElement> Consoles(InputReader program, DomainFacts facts)
    {
        var declared = program.Objects("consoles").Select(console => (Console: console, Target: TargetOf(console, facts))).ToArray();
        if (facts.Type == "lxc" || facts.IsMainframe)
        {
            return declared.Length > 0
                ? declared.Select(one => Declared("console", one.Console, one.Target))
                : [new XElement("console", new XAttribute("type", "pty"), facts.IsMainframe ? new XElement("target", new XAttribute("type", "sclp"), new XAttribute("port", "0")) : null)];
        }

        if (!facts.IsFullMachine)
        {
            return declared.Select(one => Declared("serial", one.Console, "serial"));
        }

        // libvirt mirrors the first serial line as the console, and its log is what tells why a machine does not come up: whoever declared the line.
        var first = declared.Any(one => IsFirstLine(one.Console, one.Target))
            ? Array.Empty<XElement>()
            : [new XElement("serial", new XAttribute("type", "pty"), Log(facts), new XElement("target", new XAttribute("port", "0")))];
        return first
            .Concat(declared.Where(one => one.Target == "serial").Select(one => Declared("serial", one.Console, null, IsFirstLine(one.Console, one.Target) ? Log(facts) : null)))
            .Append(new XElement("console", new XAttribute("type", "pty"), new XElement("target", new XAttribute("type", "serial"), new XAttribute("port", "0"))))
            .Where((element, _) => element.Name != "console" || first.Length > 0)
            .Concat(declared.Where(one => one.Target != "serial").Select(one => Declared("console", one.Console, one.Target)));
    }

    private static string TargetOf(InputReader console, DomainFacts facts) =>
        console.Text("targetType") ?? (facts.Type == "lxc" ? "lxc" : facts.IsMainframe ? "sclp" : "serial");

    private static bool IsFirstLine(InputReader console, string target) => target == "serial" && console.Text("targetPort") == "0";

    private static XElement Declared(string element, InputReader console, string? target, XElement? log = null)
    {
        var type = console.Text("type") ?? "pty";
        return new XElement(
            element,
            new XAttribute("type", type),
            type switch
            {
                "tcp" => new XElement(
                    "source", new XAttribute("mode", "bind"), new XAttribute("host", console.Text("sourceHost") ?? "127.0.0.1"),
                    new XAttribute("service", console.Text("sourceService") ?? "0")),
                "unix" when console.Text("sourcePath") is { } socket => new XElement("source", new XAttribute("mode", "bind"), new XAttribute("path", socket)),
                "pty" or "null" => null,
                _ when console.Text("sourcePath") is { } path => new XElement("source", new XAttribute("path", path)),
                _ => null,
            },
            type == "tcp" ? new XElement("protocol", new XAttribute("type", "telnet")) : null,
            log,
            new XElement("target", target is null ? null : new XAttribute("type", target), new XAttribute("port", console.Text("targetPort") ?? "0")));
    }

    private static XElement? Log(DomainFacts facts) =>
        facts is { IsQemu: true, ConsoleLog: { } file } ? new XElement("log", new XAttribute("file", file), new XAttribute("append", "off")) : null;

    private static XElement AgentChannel() =>
        new(
            "channel", new XAttribute("type", "unix"),
            new XElement("target", new XAttribute("type", "virtio"), new XAttribute("name", "org.qemu.guest_agent.0")));

    private static XElement Random() =>
        new("rng", new XAttribute("model", "virtio"), new XElement("backend", new XAttribute("model", "random"), "/dev/urandom"));

    private static XElement FileSystem(InputReader one, DomainFacts facts) =>
        new(
            "filesystem", new XAttribute("type", "mount"),
            facts.IsQemu ? new XAttribute("accessmode", one.Text("accessmode") ?? "mapped") : null,
            new XElement("source", new XAttribute("dir", one.Text("source") ?? "")),
            new XElement("target", new XAttribute("dir", one.Text("target") ?? "")),
            one.Flag("readonly") ?? true ? new XElement("readonly") : null);

    /// <summary>With a screen goes a pointer that follows the viewer's, and a card that every firmware and system can show something on.</summary>
    private static IEnumerable<XElement> Graphics(InputReader graphics, InputReader program, DomainFacts facts)
    {
        if (facts.IsMainframe || !facts.IsFullMachine)
        {
            yield break;
        }

        var type = graphics.Text("type") ?? "spice";
        var listen = graphics.Text("listenType") ?? "none";
        yield return new XElement(
            "graphics", new XAttribute("type", type), new XAttribute("autoport", graphics.Flag("autoport") ?? true ? "yes" : "no"),
            type == "vnc" && graphics.Integer("websocket") is { } port and not 0 ? new XAttribute("websocket", port.ToString(CultureInfo.InvariantCulture)) : null,
            new XElement(
                "listen", new XAttribute("type", listen),
                listen == "address" ? new XAttribute("address", graphics.Text("listenAddress") ?? "127.0.0.1") : null));
        if (!program.Has("video"))
        {
            yield return Video(facts.IsX86 ? "vga" : "virtio");
        }

        if (facts.IsQemu)
        {
            yield return new XElement("input", new XAttribute("type", "tablet"), new XAttribute("bus", "usb"));
        }
    }

    private static XElement Video(string type) => new("video", new XElement("model", new XAttribute("type", type)));

    private static XElement Tpm(InputReader tpm, DomainFacts facts)
    {
        var backend = tpm.Text("backendType") ?? "emulator";
        return new XElement(
            "tpm",
            new XAttribute("model", tpm.Text("model") ?? (facts.Arch switch { "x86_64" => "tpm-crb", "ppc64" or "ppc64le" => "tpm-spapr", _ => "tpm-tis" })),
            new XElement(
                "backend",
                new XAttribute("type", backend),
                backend == "emulator" ? new XAttribute("version", tpm.Text("backendVersion") ?? "2.0") : null,
                tpm.Flag("backendPersistentState") == true ? new XAttribute("persistent_state", "yes") : null,
                tpm.Text("backendEncryptionSecret") is { } secret ? new XElement("encryption", new XAttribute("secret", secret)) : null,
                backend == "passthrough" ? new XElement("device", new XAttribute("path", tpm.Text("backendDevicePath") ?? "/dev/tpm0")) : null));
    }
}
