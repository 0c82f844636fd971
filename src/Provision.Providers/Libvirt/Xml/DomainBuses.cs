using System.Globalization;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>Controllers: no more than is used, and room for what will be plugged in while it runs. Pure.</summary>
internal static class DomainBuses
{
    /// <summary>A q35 machine takes a device only in a port that it had when it was started.</summary>
    private const int SparePorts = 4;

    /// <summary>The guest agent's channel and the random number generator.</summary>
    private const int FixedDevices = 2;

    public static IEnumerable<XElement> All(PropertyMap inputs, DomainFacts facts, DomainView? previous)
    {
        if (!facts.IsFullMachine)
        {
            yield break;
        }

        var program = new InputReader(inputs);
        var disks = program.Objects("disks");
        if (disks.Any(disk => disk.Flag("scsi") == true))
        {
            yield return Controller("scsi", "virtio-scsi", null);
        }

        if (facts.IsQemu && !facts.IsMainframe && !program.Has("graphics"))
        {
            yield return Controller("usb", "none", null);
        }

        if (facts.IsQemu && (facts.IsQ35 || facts.Arch is "aarch64" or "riscv64"))
        {
            yield return Controller("pci", "pcie-root", 0);
            var used = disks.Length + program.Objects("networkInterfaces").Length + FixedDevices
                + (program.Has("cloudinit") ? 1 : 0) + (disks.Any(disk => disk.Flag("scsi") == true) ? 1 : 0) + (program.Has("graphics") ? 2 : 0);

            // As many at least as a device's place was numbered by before.
            foreach (var port in Enumerable.Range(1, Math.Max(used + SparePorts, previous?.HighestBus ?? 0)))
            {
                yield return Controller("pci", "pcie-root-port", port);
            }
        }
    }

    private static XElement Controller(string type, string model, int? index) =>
        new(
            "controller", new XAttribute("type", type), index is { } number ? new XAttribute("index", number.ToString(CultureInfo.InvariantCulture)) : null,
            new XAttribute("model", model));
}
