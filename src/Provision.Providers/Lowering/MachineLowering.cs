using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>
/// Virtual machines: a component, its disks, what it is told at its first boot, and the domain. The domain refers to all of them, so that it
/// comes last and goes first.
/// </summary>
internal static class MachineLowering
{
    private const string Root = "root";

    // Quiet on the console, and without what costs seconds under emulation: self-tests, timer tests, address layout at random.
    private static readonly PropertyValue CommandLines = PropertyValue.ListOf(
        [PropertyMap.Of(("console", "ttyS0"), ("mitigations", "off"), ("panic", "-1"), ("_", "quiet cryptomgr.notests no_timer_check nokaslr"))]);

    private static readonly PropertyValue SerialConsole = PropertyValue.ListOf([PropertyMap.Of(("type", "pty"), ("targetPort", "0"), ("targetType", "serial"))]);

    public static IEnumerable<ResourceGoal> Lower(VirtualMachine machine, Hypervisor hypervisor, Host host, StackNames names, ValueLowering values)
    {
        var image = machine.Image ?? throw new System.Diagnostics.UnreachableException();
        var component = names.ComponentOf(machine);
        yield return new ResourceGoal
        {
            Urn = component,
            Custom = false,
            Parent = names.UrnOf(hypervisor),
            Options = OptionsLowering.Part(machine, component, []) with
            {
                Protect = machine.Lifecycle.Protect ? true : null,
                RetainOnDelete = machine.Lifecycle.RetainOnDelete ? true : null,
            },
            SourcePosition = names.SourceOf(machine),
        };

        var told = FirstBootLowering.IsTold(machine, hypervisor);
        var recreates = told && machine.FirstBoot.OnChange == FirstBootChange.Recreate;
        yield return Disk(
            Root, machine.Disk, machine.Pool,
            [
                ("baseVolumeId", new PropertyValue.Reference(names.DiskImageUrn(host, image), PropertyPath.Of("path"))),
                ("__replaceWith", recreates ? FirstBootLowering.Id(machine, names) : null),
            ],
            machine, hypervisor, names);
        foreach (var disk in machine.Disks)
        {
            yield return Disk(disk.Name, disk.Size, disk.Pool ?? machine.Pool, [], machine, hypervisor, names);
        }

        if (told)
        {
            yield return FirstBootLowering.Lower(machine, hypervisor, host, names, values);
        }

        yield return Domain(machine, image, told, hypervisor, host, names, values);
    }

    private static ResourceGoal Disk(
        string name, DataSize? size, string? pool, IEnumerable<Property> rest, VirtualMachine machine, Hypervisor hypervisor, StackNames names)
    {
        var urn = names.PartUrn(machine, StackNames.DiskType, name);
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.ComponentOf(machine),
            Provider = names.LibvirtProviderOf(hypervisor),
            Inputs = PropertyMap.Of(
                [
                    ("name", names.Physical($"{machine.Name}-{name}.qcow2")),
                    ("pool", new PropertyValue.Reference(names.PoolUrn(hypervisor, pool), PropertyPath.Of("name"))),
                    ("format", "qcow2"),
                    ("size", OptionalInput.Whole(size?.Bytes)),
                    ("__stamp", names.Stamp(urn, machine.Owner)),
                    .. rest,
                ]),
            Options = OptionsLowering.Part(machine, urn, []),
            SourcePosition = names.SourceOf(machine),
        };
    }

    private static ResourceGoal Domain(
        VirtualMachine machine, DiskImage image, bool told, Hypervisor hypervisor, Host host, StackNames names, ValueLowering values)
    {
        var urn = names.UrnOf(machine);
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.ComponentOf(machine),
            Provider = names.LibvirtProviderOf(hypervisor),
            Inputs = PropertyMap.Of(
                [
                    ("name", names.Physical(machine.Name)),
                    ("type", OptionalInput.Text(hypervisor.Kind == HypervisorKind.Qemu ? "qemu" : null)),
                    ("memory", machine.Memory.WholeMiB),
                    ("vcpu", machine.Cpus),
                    ("autostart", OptionalInput.Flag(machine.Autostart)),
                    ("__image", image.Name),
                    ("__user", image.LoginUser),
                    ("__stamp", names.Stamp(urn, machine.Owner)),
                    told ? FirstBootLowering.Input(machine, names) : ("cloudinit", null),
                    .. Devices(machine, hypervisor, names),
                    .. Boot(machine, image, host, names),
                    .. Life(machine, image),
                ]),
            Options = OptionsLowering.Lower(machine, names, FirstBootLowering.ValuesOf(machine.FirstBoot).SelectMany(values.DependenciesOf)),
            SourcePosition = names.SourceOf(machine),
        };
    }

    private static IEnumerable<Property> Devices(VirtualMachine machine, Hypervisor hypervisor, StackNames names) =>
    [
        ("disks", PropertyValue.ListOf(
            machine.Disks.Select(disk => Attached(disk.Name, disk.Keep, machine, names)).Prepend(Attached(Root, keep: false, machine, names)))),
        ("networkInterfaces", OptionalInput.List(machine.Networks.Select((nic, index) => (PropertyValue)Interface(machine, nic, index, hypervisor, names)))),
        ("consoles", SerialConsole),
        ("graphics", machine.Graphics == Graphics.None ? null : (PropertyValue)PropertyMap.Of(
            ("type", machine.Graphics == Graphics.Vnc ? "vnc" : "spice"), ("autoport", true), ("listenType", "address"), ("listenAddress", "127.0.0.1"))),
        ("tpm", machine.Tpm ? (PropertyValue)PropertyMap.Of(("backendType", "emulator"), ("backendVersion", "2.0")) : null),
    ];

    private static PropertyValue Attached(string disk, bool keep, VirtualMachine machine, StackNames names) => PropertyMap.Of(
        ("volumeId", new PropertyValue.Reference(names.PartUrn(machine, StackNames.DiskType, disk), PropertyPath.Of("id"))),
        ("__serial", disk),
        ("__keep", OptionalInput.Flag(keep)));

    private static PropertyMap Interface(VirtualMachine machine, NetworkInterface nic, int index, Hypervisor hypervisor, StackNames names)
    {
        var network = names.NetworkOf(hypervisor, nic);
        return PropertyMap.Of(
            ("networkName", new PropertyValue.Reference(names.UrnOf(network), PropertyPath.Of("name"))),
            ("mac", names.Addresses.MacOf(machine, index)),
            ("addresses", OptionalInput.Texts(nic.Address is { } address ? [address] : [])),

            // The network knows a machine by the name it gives itself; only one that it is to be told of before stands in the network.
            ("hostname", OptionalInput.Text(nic.Hostname ?? (nic.Address is null ? null : machine.Hostname))),
            ("waitForLease", OptionalInput.Flag(machine.Power == MachinePower.Running && (machine.WaitForAddress ?? network.GivesAddresses))));
    }

    private static IEnumerable<Property> Boot(VirtualMachine machine, DiskImage image, Host host, StackNames names)
    {
        var kernel = names.BootKernelUrn(host);
        return
        [
            ("kernel", image.IsBuilt ? new PropertyValue.Reference(kernel, PropertyPath.Of("kernel")) : null),
            ("initrd", image.IsBuilt ? new PropertyValue.Reference(kernel, PropertyPath.Of("initrd")) : null),
            ("cmdlines", image.IsBuilt ? CommandLines : null),

            // Pulumi's input is the path of a firmware's file, which differs from host to host; libvirt can choose it by what is wanted of it.
            ("__firmware", OptionalInput.Text(machine.Firmware switch { Firmware.Uefi => "efi", Firmware.UefiSecureBoot => "efi-secure", _ => null })),
            ("arch", OptionalInput.Text(DiskImageLowering.ArchitectureOf(image, host) == Architecture.Arm64 ? "aarch64" : null)),
        ];
    }

    private static IEnumerable<Property> Life(VirtualMachine machine, DiskImage image) =>
    [
        ("running", machine.Power != MachinePower.Off),
        ("__power", OptionalInput.Text(machine.Power == MachinePower.Paused ? "paused" : null)),
        ("__ready", machine.Power == MachinePower.Running ? Ready(machine.Ready ?? Usual(machine, image)) : null),
        ("__shutdownSeconds", OptionalInput.Whole(machine.ShutdownTimeout is { } limit ? (long)Math.Ceiling(limit.TotalSeconds) : null)),
    ];

    private static ReadyCheck Usual(VirtualMachine machine, DiskImage image) =>
        image.IsBuilt && !machine.Networks.IsEmpty && machine.WaitForAddress != false ? ReadyCheck.Tcp(22) : ReadyCheck.None;

    private static PropertyValue? Ready(ReadyCheck check) => check switch
    {
        ReadyCheck.OfTcp tcp => (PropertyValue)PropertyMap.Of(("port", tcp.Port), ("timeoutSeconds", Seconds(check))),
        ReadyCheck.OfHttp http => (PropertyValue)PropertyMap.Of(("port", http.Port), ("httpPath", http.Path), ("timeoutSeconds", Seconds(check))),
        _ => null,
    };

    private static PropertyValue Seconds(ReadyCheck check) => Math.Ceiling(check.Limit.TotalSeconds);
}
