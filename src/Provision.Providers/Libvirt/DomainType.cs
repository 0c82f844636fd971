using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// Chooses a domain's type where the program leaves it open, and refuses one that the host cannot run. Pure: the host's facts are handed in.
/// </summary>
/// <param name="Driver">What the endpoint's driver runs.</param>
/// <param name="Host">What this machine can; null where the domains run on another one, of which nothing is known yet.</param>
internal sealed record DomainType(LibvirtDriver Driver, HostVirtualization? Host)
{
    public const string Kvm = "kvm";
    public const string Qemu = "qemu";

    private static readonly PropertyPath Path = PropertyPath.Of("type");

    /// <summary>The inputs with a type, and what a person should know of it before it is made.</summary>
    public (PropertyMap Inputs, string? Remark) Choose(PropertyMap inputs, PropertyMap oldInputs, List<CheckFailure> failures)
    {
        var asked = inputs.Find("type");
        if (Values.Plain(asked) is PropertyValue.Unknown)
        {
            return (inputs, null);
        }

        if (Values.Plain(asked) is PropertyValue.String { Value.Length: > 0 } given)
        {
            Check(given.Value, failures);
            return (inputs, given.Value == Qemu && Host is { Works: false } ? Emulation(Host) : null);
        }

        // What a machine was made with it keeps, as long as the host can run it.
        var before = new InputReader(oldInputs).Text("type");
        var kept = before is not null && Driver.DomainTypes.Contains(before) && (before != Kvm || Host is not { Works: false }) ? before : null;
        if ((kept ?? Chosen()) is not { } type)
        {
            return (inputs, null);
        }

        return (inputs.With("type", type), type == Qemu && Host is { Works: false } none ? Emulation(none) : null);
    }

    /// <summary>For a host of which nothing is known before it is asked: null.</summary>
    private string? Chosen() =>
        Driver.DomainTypes.Contains(Kvm)
            ? Host is null ? null : Host.Works ? Kvm : Qemu
            : Driver.DomainTypes.FirstOrDefault();

    private void Check(string type, List<CheckFailure> failures)
    {
        if (!Driver.DomainTypes.Contains(type))
        {
            failures.Add(new CheckFailure(
                Path, $"libvirt's {Driver.Name} driver runs no domains of type '{type}'", $"Use {Listed(Driver.DomainTypes)}, or leave it out."));
        }
        else if (type == Kvm && Host is { Works: false })
        {
            failures.Add(new CheckFailure(
                Path, $"type 'kvm' cannot run here: {Host.Why}",
                "Leave type out or set it to 'qemu' for plain emulation, or switch virtualisation on in the firmware (of a virtual machine: in its hypervisor)."));
        }
    }

    private static string Emulation(HostVirtualization host) => $"plain emulation: {host.Why}";

    private static string Listed(ImmutableArray<string> types) => string.Join(" or ", types.Select(type => $"'{type}'"));
}
