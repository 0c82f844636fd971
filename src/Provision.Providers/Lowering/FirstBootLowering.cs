using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>What a machine is told at its first boot, on a disk of its own or as an Ignition document.</summary>
internal static class FirstBootLowering
{
    private const string Part = "seed";

    /// <summary>Whether it is told anything.</summary>
    public static bool IsTold(VirtualMachine machine, Hypervisor hypervisor) =>
        machine.Image?.Format != FirstBootFormat.None && HypervisorFeatures.Of(hypervisor.Kind).FirstBoot;

    /// <summary>Whether it is told by a disk.</summary>
    public static bool IsOnDisk(VirtualMachine machine, Hypervisor hypervisor) => IsTold(machine, hypervisor) && !IsIgnition(machine);

    public static ResourceGoal Lower(VirtualMachine machine, Hypervisor hypervisor, Host host, StackNames names, ValueLowering values)
    {
        var urn = Urn(machine, names);
        var options = OptionsLowering.Part(
            machine, urn, ValuesOf(machine.FirstBoot).SelectMany(values.DependenciesOf).Concat(IsIgnition(machine) ? [] : [DiskImageLowering.SeedToolUrn(host, names)]));
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.ComponentOf(machine),
            Provider = names.LibvirtProviderOf(hypervisor),
            Inputs = PropertyMap.Of(
                ("name", names.Physical($"{machine.Name}-{Part}.{(IsIgnition(machine) ? "ign" : "iso")}")),
                ("pool", new PropertyValue.Reference(names.PoolUrn(hypervisor, machine.Pool), PropertyPath.Of("name"))),
                ("__firstBoot", Data(machine, names, values)),
                ("__stamp", names.Stamp(urn, machine.Owner))),
            Options = machine.FirstBoot.OnChange == FirstBootChange.Ignore ? options with { IgnoreChanges = ["__firstBoot"] } : options,
            SourcePosition = names.SourceOf(machine),
        };
    }

    /// <summary>The input by which the domain gets it; its id holds the hash of what is told.</summary>
    public static (string Name, PropertyValue Value) Input(VirtualMachine machine, StackNames names) =>
        (IsIgnition(machine) ? "coreosIgnition" : "cloudinit", Id(machine, names));

    public static PropertyValue Id(VirtualMachine machine, StackNames names) => new PropertyValue.Reference(Urn(machine, names), PropertyPath.Of("id"));

    /// <summary>Its values that may be outputs of others.</summary>
    public static IEnumerable<ValueExpression> ValuesOf(FirstBoot boot) => boot.SshKeys
        .Concat(boot.Users.SelectMany(user => user.SshKeys))
        .Concat(boot.Users.Select(user => user.Password).OfType<Value<string>>())
        .Concat(boot.Files.Select(file => file.Content))
        .Concat(boot.Commands)
        .Concat(boot.UserData is { } data ? [data] : [])
        .Select(value => value.Expression);

    private static PropertyMap Data(VirtualMachine machine, StackNames names, ValueLowering values)
    {
        var boot = machine.FirstBoot;
        return PropertyMap.Of(
            ("format", machine.Image?.Format switch { FirstBootFormat.CloudConfig => "cloud-config", FirstBootFormat.Ignition => "ignition", _ => "script" }),
            ("hostname", machine.Hostname),
            ("sshKeys", Keys(boot.SshKeys, names, values)),
            ("users", OptionalInput.List(boot.Users.Select(user => (PropertyValue)PropertyMap.Of(
                ("name", user.Name),
                ("sshKeys", Keys(user.SshKeys, names, values)),
                ("sudo", OptionalInput.Flag(user.Sudo)),
                ("shell", OptionalInput.Text(user.Shell)),
                ("password", user.Password is { } password ? values.LowerText(Value.Secret(password).Expression) : null))))),
            ("files", OptionalInput.List(boot.Files.Select(file => (PropertyValue)PropertyMap.Of(
                ("path", file.Path),
                ("content", values.LowerText(file.Content.Expression)),
                ("mode", file.Mode),
                ("owner", OptionalInput.Text(file.Owner)))))),
            ("packages", OptionalInput.Texts(boot.Packages)),
            ("commands", OptionalInput.List(boot.Commands.Select(command => values.LowerText(command.Expression)))),
            ("mounts", OptionalInput.List(machine.Disks.Where(disk => disk.Mount is not null).Select(disk => (PropertyValue)PropertyMap.Of(
                ("serial", disk.Name), ("path", disk.Mount ?? ""))))),
            ("extra", boot.UserData is { } data ? values.LowerText(data.Expression) : null));
    }

    private static PropertyValue Keys(ImmutableArray<Value<string>> own, StackNames names, ValueLowering values) =>
        PropertyValue.ListOf(own.Select(key => values.LowerText(key.Expression)).Prepend(KeyLowering.PublicKey(names)));

    private static bool IsIgnition(VirtualMachine machine) => machine.Image?.Format == FirstBootFormat.Ignition;

    private static Urn Urn(VirtualMachine machine, StackNames names) =>
        names.PartUrn(machine, IsIgnition(machine) ? StackNames.IgnitionType : StackNames.CloudInitDiskType, Part);
}
