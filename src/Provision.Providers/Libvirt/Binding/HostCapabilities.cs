using System.Collections.Immutable;
using System.Xml.Linq;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>What a host offers to guests, from virConnectGetCapabilities.</summary>
/// <param name="HostArch">Of the host itself.</param>
/// <param name="Guests">Every architecture that can be run.</param>
internal sealed record HostCapabilities(string HostArch, ImmutableArray<GuestCapabilities> Guests)
{
    /// <summary>Of a driver that tells nothing.</summary>
    public static readonly HostCapabilities None = new("", []);

    public static HostCapabilities Parse(string xml)
    {
        var root = XDocument.Parse(xml).Root;
        return new HostCapabilities(
            root?.Element("host")?.Element("cpu")?.Element("arch")?.Value ?? "",
            [.. root?.Elements("guest").Select(GuestCapabilities.Read) ?? []]);
    }

    /// <summary>What can be run of an architecture; by preference fully virtualised.</summary>
    public GuestCapabilities? Guest(string arch, string? osType = null) =>
        Guests.FirstOrDefault(guest => guest.Arch == arch && guest.OsType == (osType ?? "hvm")) ?? Guests.FirstOrDefault(guest => guest.Arch == arch && osType is null);
}

/// <param name="OsType">hvm, exe, xen, …</param>
/// <param name="Arch">Such as x86_64.</param>
/// <param name="Emulator">Its program; null where the driver needs none.</param>
/// <param name="Machines">The machine types, of the domain types with machines of their own too.</param>
/// <param name="DomainTypes">Such as qemu, kvm. That kvm is listed does not mean that it works.</param>
internal sealed record GuestCapabilities(string OsType, string Arch, string? Emulator, ImmutableArray<MachineType> Machines, ImmutableArray<string> DomainTypes)
{
    /// <summary>The canonical name of a machine type: q35 is pc-q35-7.2 here. Null where the emulator lacks it.</summary>
    public string? Canonical(string machine) =>
        Machines.FirstOrDefault(one => one.Name == machine) is not { } found ? null : found.Canonical ?? found.Name;

    internal static GuestCapabilities Read(XElement guest)
    {
        var arch = guest.Element("arch");
        return new GuestCapabilities(
            guest.Element("os_type")?.Value ?? "",
            arch?.Attribute("name")?.Value ?? "",
            arch?.Element("emulator")?.Value,
            [.. arch?.Descendants("machine").Select(machine => new MachineType(machine.Value, machine.Attribute("canonical")?.Value)).Distinct() ?? []],
            [.. arch?.Elements("domain").Select(domain => domain.Attribute("type")?.Value).OfType<string>() ?? []]);
    }
}

/// <param name="Name">As a domain may name it.</param>
/// <param name="Canonical">What the name stands for; null where it is the real one.</param>
internal sealed record MachineType(string Name, string? Canonical);
