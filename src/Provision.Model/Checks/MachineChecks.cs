namespace Provision.Model.Checks;

/// <summary>A machine's own settings, apart from its image, its first boot and what it refers to.</summary>
internal static class MachineChecks
{
    private static readonly DataSize LeastMemory = 16.MiB;

    // With 128 the firmware shows its logo and goes no further.
    private static readonly DataSize LeastWithUefi = 160.MiB;

    public static void Run(VirtualMachine machine, Hypervisor hypervisor, Host host, Place place, ProblemList problems)
    {
        LifecycleChecks.Run(machine, place, problems);
        LabelChecks.Run(machine.Owner, new(), place, problems);
        problems.AddIf(machine.Cpus is < 1 or > 512, () => StackProblems.Limit(place.Member("Cpus"), $"{machine.Cpus} virtual processors are not between 1 and 512"));
        if (machine.ShutdownTimeout is { } limit)
        {
            LifecycleChecks.Positive(limit, place.Member("ShutdownTimeout"), problems);
        }

        Ready(machine, place, problems);
        MachineDiskChecks.Run(machine, place, problems);
        if (Enum.IsDefined(hypervisor.Kind))
        {
            Features(machine, hypervisor.Kind, HypervisorFeatures.Of(hypervisor.Kind), place, problems);
        }

        if (machine.Image is not { } image)
        {
            problems.Add(StackProblems.NoImage(place.Member("Image"), machine.Name));
            Memory(machine, "any image", LeastMemory, place, problems);
            return;
        }

        var least = machine.Firmware == Firmware.Bios ? LeastMemory : LeastWithUefi;
        Memory(machine, image.Name, image.LeastMemory > least ? image.LeastMemory : least, place, problems);
        problems.AddIf(image.IsBuilt && machine.Firmware == Firmware.UefiSecureBoot, () => StackProblems.MachineFirmware(place.Member("Firmware"), image.Name));
        FirstBootChecks.Run(machine, image, place.Member("FirstBoot"), problems);
        DiskImageChecks.Architectures(image, host, place.Member("Image"), problems);
    }

    private static void Memory(VirtualMachine machine, string image, DataSize least, Place place, ProblemList problems) => problems.AddIf(
        machine.Memory < least, () => StackProblems.MachineMemory(place.Member("Memory"), machine.Memory, image, least));

    private static void Ready(VirtualMachine machine, Place place, ProblemList problems)
    {
        var at = place.Member("Ready");
        problems.AddIf(machine.WaitForAddress == true && machine.Networks.IsEmpty, () => StackProblems.NoAddress(place.Member("WaitForAddress"), "It"));
        if (machine.Ready is not { } ready || ready is ReadyCheck.OfNothing)
        {
            return;
        }

        LifecycleChecks.Positive(ready.Limit, at.Member("Limit"), problems);
        problems.AddIf(machine.Networks.IsEmpty, () => StackProblems.NoAddress(at, "What is asked whether it is ready"));
        var port = ready switch { ReadyCheck.OfTcp tcp => tcp.Port, ReadyCheck.OfHttp http => http.Port, _ => 1 };
        problems.AddIf(port is < 1 or > 65535, () => StackProblems.PortRange(at.Member("Port"), port));
        problems.AddIf(
            ready is ReadyCheck.OfHttp { Path: var path } && !ContainerChecks.IsUrlPath(path),
            () => StackProblems.Text(at.Member("Path"), $"'{(ready as ReadyCheck.OfHttp)?.Path}' is no path of a URL", "Start with '/', and write other characters than those of a URL as %XX."));
    }

    private static void Features(VirtualMachine machine, HypervisorKind kind, HypervisorFeatures features, Place place, ProblemList problems)
    {
        if (!features.Disks)
        {
            // Said once, of the hypervisor.
            return;
        }

        problems.AddIf(!features.Devices && machine.Firmware != Firmware.Bios, () => StackProblems.Lacks(
            place.Member("Firmware"), kind, "chooses no firmware", "Leave Firmware out."));
        problems.AddIf(!features.Devices && machine.Tpm, () => StackProblems.Lacks(place.Member("Tpm"), kind, "has no trusted platform modules", "Leave Tpm out."));
        problems.AddIf(!features.FirstBoot && !ReferenceEquals(machine.FirstBoot, FirstBoot.Default), () => StackProblems.Lacks(
            place.Member("FirstBoot"), kind, "fills no disks, and so tells a machine nothing at its first boot", "Leave FirstBoot out."));
    }
}
