using System.Collections.Immutable;
using System.Xml.Linq;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>What one emulator offers with one machine type and domain type, from virConnectGetDomainCapabilities.</summary>
/// <param name="Emulator">Its program.</param>
/// <param name="Machine">The machine type's canonical name.</param>
/// <param name="MaxProcessors">As many virtual processors a domain may have; 0 unknown.</param>
/// <param name="Firmware">What it can pick by itself: bios, efi.</param>
/// <param name="Loaders">Firmware files it knows of.</param>
/// <param name="SecureBoot">Whether secure boot can be had.</param>
/// <param name="CpuModes">Such as host-passthrough, host-model, custom.</param>
/// <param name="CpuModels">Usable models of custom.</param>
/// <param name="DiskBuses">Such as virtio, sata, scsi, ide.</param>
/// <param name="GraphicsTypes">Such as vnc, spice.</param>
/// <param name="VideoModels">Such as virtio, vga, none.</param>
/// <param name="TpmModels">Empty where no TPM can be had.</param>
internal sealed record DomainCapabilities(
    string Emulator, string Machine, int MaxProcessors, ImmutableArray<string> Firmware, ImmutableArray<string> Loaders, bool SecureBoot,
    ImmutableArray<string> CpuModes, ImmutableArray<string> CpuModels, ImmutableArray<string> DiskBuses, ImmutableArray<string> GraphicsTypes,
    ImmutableArray<string> VideoModels, ImmutableArray<string> TpmModels)
{
    public static DomainCapabilities Parse(string xml)
    {
        var root = XDocument.Parse(xml).Root ?? throw new FormatException("empty domain capabilities");
        var os = root.Element("os");
        var devices = root.Element("devices");
        return new DomainCapabilities(
            root.Element("path")?.Value ?? "", root.Element("machine")?.Value ?? "", (int?)root.Element("vcpu")?.Attribute("max") ?? 0,
            Values(os, "firmware"), [.. os?.Element("loader")?.Elements("value").Select(value => value.Value) ?? []],
            Values(os?.Element("loader"), "secure").Contains("yes"),
            [.. root.Element("cpu")?.Elements("mode").Where(IsSupported).Select(mode => mode.Attribute("name")?.Value).OfType<string>() ?? []],
            [.. root.Element("cpu")?.Elements("mode").Elements("model").Where(model => model.Attribute("usable")?.Value == "yes").Select(model => model.Value) ?? []],
            Values(Supported(devices, "disk"), "bus"), Values(Supported(devices, "graphics"), "type"), Values(Supported(devices, "video"), "modelType"),
            Values(Supported(devices, "tpm"), "model"));
    }

    private static XElement? Supported(XElement? devices, string name) => devices?.Element(name) is { } device && IsSupported(device) ? device : null;

    private static bool IsSupported(XElement element) => element.Attribute("supported")?.Value != "no";

    private static ImmutableArray<string> Values(XElement? of, string name) =>
        [.. of?.Elements("enum").Where(one => one.Attribute("name")?.Value == name).Elements("value").Select(value => value.Value) ?? []];
}
