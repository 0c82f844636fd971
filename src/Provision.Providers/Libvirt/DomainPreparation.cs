using System.Collections.Immutable;
using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>What was found out before a domain is made or changed.</summary>
/// <param name="Facts">What the inputs leave to the host.</param>
/// <param name="Networks">The networks its NICs hang on, by name.</param>
internal sealed record PreparedDomain(DomainFacts Facts, ImmutableDictionary<string, NetworkSubnets> Networks);

/// <summary>Looks at the host before anything is touched, and refuses what cannot come to run on it.</summary>
internal sealed class DomainPreparation(LibvirtConnection libvirt, DomainNeighbours neighbours)
{
    private static readonly Version TunableSince = new(8, 0, 0);

    /// <exception cref="ProviderException">The host cannot run it, or something that is not ours stands in the way; nothing was touched.</exception>
    public async Task<PreparedDomain> PrepareAsync(Urn urn, Guid uuid, PropertyMap inputs, bool exists, CancellationToken cancellationToken)
    {
        var program = new InputReader(inputs);
        var name = program.Text("name") ?? PhysicalName.Of(urn);
        var facts = new DomainFacts { Type = "", Uuid = uuid, Name = name, Macs = MacAddresses.Of(urn, inputs) };
        var capabilities = await libvirt.CapabilitiesAsync(cancellationToken);
        facts = WithMachine(facts, program, capabilities, $"Cannot make domain '{name}'");
        await CheckDevicesAsync(facts, inputs, cancellationToken);
        var seen = await libvirt.AskAsync($"prepare domain '{name}'", connect => Look(connect, inputs, facts), cancellationToken);
        var memory = (program.Integer("memory") ?? 512) << 20;
        if (seen.HostMemory is > 0 and var there && memory > there)
        {
            throw Refused(
                ProviderFailure.Refused, $"Cannot make domain '{name}': it is to have {memory >> 20} MiB of memory, and the host has {there >> 20} MiB in all.",
                "Give it less memory.");
        }

        if (!exists)
        {
            await neighbours.RefuseClashesAsync(libvirt, facts, LibvirtStamp.Of(inputs, urn), cancellationToken);
        }

        return new PreparedDomain(seen.Facts, seen.Networks);
    }

    /// <summary>The names of networks that inputs give by UUID; those that are gone have none.</summary>
    public static async Task<ImmutableDictionary<string, string>> NetworkNamesAsync(LibvirtConnection libvirt, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var ids = new InputReader(inputs).Objects("networkInterfaces").Select(nic => nic.Text("networkName") is null ? nic.Text("networkId") : null).OfType<string>().ToArray();
        return ids.Length == 0
            ? ImmutableDictionary<string, string>.Empty
            : await libvirt.AskAsync(
                "look at the networks",
                connect =>
                {
                    var names = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
                    foreach (var id in ids)
                    {
                        using var network = connect.FindNetwork(id);
                        if (network is not null)
                        {
                            names[id] = network.Name();
                        }
                    }

                    return names.ToImmutable();
                },
                cancellationToken);
    }

    private DomainFacts WithMachine(DomainFacts facts, InputReader program, HostCapabilities capabilities, string cannot)
    {
        var arch = program.Text("arch") ?? (capabilities.HostArch.Length > 0 ? capabilities.HostArch : null);
        var type = program.Text("type") ?? libvirt.Driver.DomainTypes.FirstOrDefault() ?? "qemu";
        if (type is not ("kvm" or "qemu"))
        {
            // Of the others only some name the architecture, and none a machine type.
            var other = capabilities.Guests.FirstOrDefault(one => one.DomainTypes.Contains(type)) ?? capabilities.Guests.FirstOrDefault();
            return facts with { Type = type, Arch = program.Text("arch") ?? other?.Arch ?? arch };
        }

        if (arch is null || capabilities.Guest(arch) is not { } guest)
        {
            throw Refused(
                ProviderFailure.Refused,
                $"{cannot}: the host has no emulator for the architecture '{arch}'; it has {Listed(capabilities.Guests.Select(one => one.Arch).Distinct())}.",
                "Install that emulator on the host (qemu-system-…), or leave arch out for the host's own.");
        }

        if (program.Text("type") is null && !guest.DomainTypes.Contains("kvm"))
        {
            type = "qemu";
        }
        else if (program.Text("type") is null)
        {
            // Of another machine, whose word is all there is.
            type = "kvm";
        }

        var machine = program.Text("machine");
        if (machine is not null && guest.Canonical(machine) is null)
        {
            throw Refused(
                ProviderFailure.Refused, $"{cannot}: the emulator for {arch} has no machine type '{machine}'; it has {Listed(guest.Machines.Where(one => one.Canonical is not null).Select(one => one.Name))} and others.",
                "Use one of them, or leave machine out.");
        }

        return facts with { Type = type, Arch = arch, Machine = machine ?? DefaultMachine(arch, guest), Emulator = guest.Emulator };
    }

    private static string? DefaultMachine(string arch, GuestCapabilities guest) =>
        (arch switch { "x86_64" or "i686" => "q35", "aarch64" or "riscv64" or "armv7l" => "virt", "s390x" => "s390-ccw-virtio", "ppc64" or "ppc64le" => "pseries", _ => null }) is { } usual
        && guest.Canonical(usual) is not null
            ? usual
            : guest.Machines.FirstOrDefault()?.Name;

    /// <summary>Screens, TPMs and firmware are what emulators are built without.</summary>
    private async Task CheckDevicesAsync(DomainFacts facts, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var program = new InputReader(inputs);
        var firmware = DomainWriter.FirmwareOf(inputs, facts);
        if (!facts.IsQemu || facts.Machine is not { } machine || facts.Arch is not { } arch
            || (!program.Has("graphics") && !program.Has("tpm") && firmware is not (DomainWriter.Efi or DomainWriter.EfiSecure))
            || await libvirt.DomainCapabilitiesAsync(arch, machine, facts.Type, cancellationToken) is not { } offered)
        {
            return;
        }

        var cannot = $"Cannot make domain '{facts.Name}'";
        if (program.Object("graphics") is { } graphics && !offered.GraphicsTypes.IsEmpty && !offered.GraphicsTypes.Contains(graphics.Text("type") ?? "spice"))
        {
            throw Refused(
                ProviderFailure.Refused, $"{cannot}: its emulator has no graphics of type '{graphics.Text("type") ?? "spice"}'; it has {Listed(offered.GraphicsTypes)}.",
                "Use one of them, or leave graphics out: the serial console needs none.");
        }

        if (program.Has("tpm") && offered.TpmModels.IsEmpty)
        {
            throw Refused(ProviderFailure.Refused, $"{cannot}: the host has no TPM emulator.", "Install swtpm on the host ('apt install swtpm'), or leave tpm out.");
        }

        if (firmware is DomainWriter.Efi or DomainWriter.EfiSecure && (!offered.Firmware.Contains("efi") || (firmware == DomainWriter.EfiSecure && !offered.SecureBoot)))
        {
            throw Refused(
                ProviderFailure.Refused, $"{cannot}: the host has no {(firmware == DomainWriter.EfiSecure ? "UEFI firmware with secure boot" : "UEFI firmware")} for {arch}.",
                "Install it on the host ('apt install ovmf', or qemu-efi-aarch64), or use firmware BIOS.");
        }
    }

    /// <summary>Blocks: volumes, networks and the host in one go.</summary>
    private Sight Look(ConnectHandle connect, PropertyMap inputs, DomainFacts facts)
    {
        var program = new InputReader(inputs);
        var disks = ImmutableDictionary.CreateBuilder<string, DiskFact>(StringComparer.Ordinal);
        var inPool = false;
        if (libvirt.Driver.Has(LibvirtFeature.Volumes))
        {
            foreach (var (i, named) in program.Objects("disks").Select(disk => disk.Text("volumeId") ?? disk.Text("file")).Index())
            {
                if (named is not null && Volume(connect, named) is { } fact)
                {
                    disks[named] = fact;
                    inPool |= i == 0;
                }
            }
        }

        var names = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var networks = ImmutableDictionary.CreateBuilder<string, NetworkSubnets>(StringComparer.Ordinal);
        foreach (var nic in program.Objects("networkInterfaces"))
        {
            if (nic.Text("networkId") is { } id && nic.Text("networkName") is null)
            {
                using var byId = connect.NetworkByUuid(id);
                names[id] = byId.Name();
            }

            if (DomainInterfaces.SourceOf(nic, names.GetValueOrDefault) is ("network", var network, _) && !networks.ContainsKey(network)
                && connect.FindNetworkByName(network) is { } found)
            {
                using (found)
                {
                    networks[network] = NetworkSubnets.Parse(found.Xml(inactive: false));
                }
            }
        }

        var root = program.Objects("disks") is [var first, ..] && first.Text("volumeId") is { } key && disks.TryGetValue(key, out var disk) ? disk.Path : null;
        return new Sight(
            facts with
            {
                Disks = disks.ToImmutable(),
                NetworkNames = names.ToImmutable(),
                TunesEmulation = facts.Type != "qemu" || connect.LibraryVersion() >= TunableSince,

                // Beside the root disk, in a folder that goes when the stack goes.
                ConsoleLog = facts.IsQemu && inPool && root is not null && !root.StartsWith("/dev/", StringComparison.Ordinal)
                    ? Path.Combine(Path.GetDirectoryName(root) ?? "/", ConsoleLog.FileOf(facts.Name))
                    : null,
            },
            networks.ToImmutable(), facts.IsQemu ? connect.Host().Memory : null);
    }

    private static DiskFact? Volume(ConnectHandle connect, string key)
    {
        using var volume = connect.FindVolume(key) ?? connect.FindVolumeByPath(key);
        if (volume is null)
        {
            return null;
        }

        // <volume><target><format type='qcow2'/>…
        var format = XDocument.Parse(volume.Xml()).Root?.Element("target")?.Element("format")?.Attribute("type")?.Value;
        return new DiskFact(volume.Path(), format ?? "raw");
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } listed ? listed : "none";

    private static ProviderException Refused(ProviderFailure failure, string message, string remedy) => new(failure, message, remedy, Remainder.Untouched.Value);

    private sealed record Sight(DomainFacts Facts, ImmutableDictionary<string, NetworkSubnets> Networks, long? HostMemory);
}
