using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>What a domain's XML says, as far as inputs can say it. Pure.</summary>
internal sealed record DomainView
{
    public required Guid Uuid { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? Description { get; init; }

    public double MemoryMiB { get; init; }

    public int Vcpus { get; init; }

    public string? Arch { get; init; }

    public string? Machine { get; init; }

    public string? Emulator { get; init; }

    public string? Kernel { get; init; }

    public string? Initrd { get; init; }

    public string? CommandLine { get; init; }

    public ImmutableArray<string> BootDevices { get; init; } = [];

    public string? CpuMode { get; init; }

    /// <summary>The path of a loader that was given one; not one that libvirt chose.</summary>
    public string? Loader { get; init; }

    public string? NvramFile { get; init; }

    public string? NvramTemplate { get; init; }

    public ImmutableArray<DiskView> Disks { get; init; } = [];

    public ImmutableArray<InterfaceView> Interfaces { get; init; } = [];

    public GraphicsView? Graphics { get; init; }

    public string? Video { get; init; }

    public TpmView? Tpm { get; init; }

    public ImmutableArray<FileSystemView> FileSystems { get; init; } = [];

    public string? IgnitionFile { get; init; }

    public string? FirmwareConfigName { get; init; }

    /// <summary>The file that the serial console is written down in.</summary>
    public string? ConsoleLog { get; init; }

    /// <summary>Whether a guest agent answered when it was last seen running; only the live XML knows.</summary>
    public bool AgentConnected { get; init; }

    /// <summary>The highest PCI bus that a device sits on.</summary>
    public int HighestBus { get; init; }

    public static DomainView Parse(string xml)
    {
        var domain = XDocument.Parse(xml).Root ?? throw new FormatException("libvirt's domain XML is empty.");
        var os = domain.Element("os");
        var devices = domain.Element("devices");
        var loader = os?.Element("loader");
        var config = domain.Elements("sysinfo").FirstOrDefault(info => Text(info, "type") == "fwcfg")?.Elements("entry").FirstOrDefault(entry => Text(entry, "file") is not null);
        return new DomainView
        {
            Uuid = Guid.Parse(domain.Element("uuid")?.Value ?? throw new FormatException("libvirt's domain XML has no UUID.")),
            Name = domain.Element("name")?.Value ?? "",
            Type = Text(domain, "type") ?? "",
            Description = domain.Element("description")?.Value,
            MemoryMiB = Memory(domain.Element("memory")),
            Vcpus = int.TryParse(domain.Element("vcpu")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var vcpus) ? vcpus : 1,
            Arch = Text(os?.Element("type"), "arch"),
            Machine = Text(os?.Element("type"), "machine"),
            Emulator = devices?.Element("emulator")?.Value,
            Kernel = os?.Element("kernel")?.Value,
            Initrd = os?.Element("initrd")?.Value,
            CommandLine = os?.Element("cmdline")?.Value,
            BootDevices = [.. (os?.Elements("boot") ?? []).Select(boot => Text(boot, "dev")).OfType<string>()],
            CpuMode = Text(domain.Element("cpu"), "mode"),
            Loader = Text(os, "firmware") is null && loader?.Value is { Length: > 0 } path ? path : null,
            NvramFile = os?.Element("nvram")?.Value is { Length: > 0 } nvram ? nvram : null,
            NvramTemplate = Text(os?.Element("nvram"), "template"),
            Disks = [.. (devices?.Elements("disk") ?? []).Select(DiskView.Of)],
            Interfaces = [.. (devices?.Elements("interface") ?? []).Select(InterfaceView.Of)],
            Graphics = devices?.Element("graphics") is { } graphics ? GraphicsView.Of(graphics) : null,
            Video = Text(devices?.Element("video")?.Element("model"), "type"),
            Tpm = devices?.Element("tpm") is { } tpm ? TpmView.Of(tpm) : null,
            FileSystems = [.. (devices?.Elements("filesystem") ?? []).Select(FileSystemView.Of)],
            IgnitionFile = Text(config, "file"),
            FirmwareConfigName = Text(config, "name"),
            ConsoleLog = (devices?.Elements("serial") ?? []).Select(serial => Text(serial.Element("log"), "file")).FirstOrDefault(file => file is not null),
            AgentConnected = (devices?.Elements("channel") ?? []).Select(channel => channel.Element("target"))
                .Any(target => Text(target, "name") == "org.qemu.guest_agent.0" && Text(target, "state") == "connected"),
            HighestBus = (devices?.Descendants("address") ?? []).Where(address => Text(address, "type") == "pci").Select(BusOf).DefaultIfEmpty(0).Max(),
        };
    }

    internal static string? Text(XElement? element, string attribute) => element?.Attribute(attribute)?.Value;

    /// <summary>libvirt writes KiB, whatever it was given; not rounded, so that an odd size set by hand is a difference.</summary>
    private static double Memory(XElement? memory) =>
        double.TryParse(memory?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            ? amount * (Text(memory, "unit") switch { "b" or "bytes" => 1, "MiB" => 1 << 20, "GiB" => 1 << 30, _ => 1 << 10 }) / (1 << 20)
            : 0;

    // bus='0x03'
    private static int BusOf(XElement address) =>
        Text(address, "bus") is ['0', 'x', .. var digits] && int.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bus) ? bus : 0;
}

/// <param name="Kind">file, block, network or volume.</param>
/// <param name="Source">The path, the device, or the URL.</param>
/// <param name="Address">Its place on the bus, as libvirt wrote it.</param>
internal sealed record DiskView(
    string Kind, string Device, string Source, string Target, string Bus, string? Serial, string? Wwn, bool ReadOnly, string? Format, XElement? Address)
{
    public bool IsSeed => SeedId.IsSeedSerial(Serial);

    public static DiskView Of(XElement disk)
    {
        var source = disk.Element("source");
        var target = disk.Element("target");
        var kind = DomainView.Text(disk, "type") ?? "";
        return new DiskView(
            kind, DomainView.Text(disk, "device") ?? "disk", SourceOf(kind, source), DomainView.Text(target, "dev") ?? "", DomainView.Text(target, "bus") ?? "",
            disk.Element("serial")?.Value, disk.Element("wwn")?.Value, disk.Element("readonly") is not null, DomainView.Text(disk.Element("driver"), "type"),
            disk.Element("address"));
    }

    private static string SourceOf(string kind, XElement? source) => kind switch
    {
        "file" => DomainView.Text(source, "file") ?? "",
        "block" => DomainView.Text(source, "dev") ?? "",
        "network" => Url(source),
        _ => $"{DomainView.Text(source, "pool")}/{DomainView.Text(source, "volume")}",
    };

    private static string Url(XElement? source)
    {
        var host = source?.Element("host");
        var builder = new UriBuilder
        {
            Scheme = DomainView.Text(source, "protocol") ?? "",
            Host = DomainView.Text(host, "name") ?? "",
            Path = DomainView.Text(source, "name") ?? "",
        };
        if (int.TryParse(DomainView.Text(host, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            builder.Port = port;
        }

        return builder.Uri.ToString();
    }
}

/// <param name="Kind">network, bridge or direct.</param>
/// <param name="Mode">bridge, vepa or passthrough, for a direct one.</param>
internal sealed record InterfaceView(string Kind, string Source, string? Mode, string Mac, string? HostDevice, XElement? Address)
{
    public static InterfaceView Of(XElement nic)
    {
        var source = nic.Element("source");
        var kind = DomainView.Text(nic, "type") ?? "";
        return new InterfaceView(
            kind,
            DomainView.Text(source, kind switch { "network" => "network", "bridge" => "bridge", _ => "dev" }) ?? "",
            kind == "direct" ? DomainView.Text(source, "mode") : null,
            DomainView.Text(nic.Element("mac"), "address")?.ToLowerInvariant() ?? "",
            DomainView.Text(nic.Element("target"), "dev"),
            nic.Element("address"));
    }
}

internal sealed record GraphicsView(string Type, bool AutoPort, string ListenType, string? ListenAddress, int? WebSocket)
{
    public static GraphicsView Of(XElement graphics)
    {
        var listen = graphics.Element("listen");
        return new GraphicsView(
            DomainView.Text(graphics, "type") ?? "", DomainView.Text(graphics, "autoport") != "no", DomainView.Text(listen, "type") ?? "none",
            DomainView.Text(listen, "address"),
            int.TryParse(DomainView.Text(graphics, "websocket"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port) ? port : null);
    }
}

internal sealed record TpmView(string? Model, string? Backend, string? Version, string? EncryptionSecret, bool PersistentState, string? DevicePath)
{
    public static TpmView Of(XElement tpm)
    {
        var backend = tpm.Element("backend");
        return new TpmView(
            DomainView.Text(tpm, "model"), DomainView.Text(backend, "type"), DomainView.Text(backend, "version"),
            DomainView.Text(backend?.Element("encryption"), "secret"), DomainView.Text(backend, "persistent_state") == "yes",
            DomainView.Text(backend?.Element("device"), "path"));
    }
}

internal sealed record FileSystemView(string Source, string Target, string AccessMode, bool ReadOnly)
{
    public static FileSystemView Of(XElement one) =>
        new(
            DomainView.Text(one.Element("source"), "dir") ?? "", DomainView.Text(one.Element("target"), "dir") ?? "",
            DomainView.Text(one, "accessmode") ?? "passthrough", one.Element("readonly") is not null);
}
