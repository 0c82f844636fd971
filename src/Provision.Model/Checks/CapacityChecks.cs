using System.Globalization;

namespace Provision.Model.Checks;

/// <summary>Limits against the host's declared capacity, one by one and all together.</summary>
internal static class CapacityChecks
{
    private static readonly DataSize LeastMemory = 6.MiB;

    public static void Run(Host host, Place place, ProblemList problems)
    {
        var memory = host.Capacity?.Memory is { } declared ? new DataSize((long)(declared.Bytes * host.Overcommit.Memory)) : (DataSize?)null;
        var cpus = host.Capacity?.Cpus * host.Overcommit.Cpu;
        var disk = host.Capacity?.Disk is { } storage ? new DataSize((long)(storage.Bytes * host.Overcommit.Disk)) : (DataSize?)null;
        var (allMemory, allCpus, allDisk, tooLarge) = (0L, 0.0, 0.0, false);
        foreach (var container in host.Containers)
        {
            var (limits, at) = (container.Limits, place.Of("Containers", container).Member("Limits"));
            Limits(limits, at, problems);
            if (limits.Memory is { } wanted)
            {
                allMemory += Math.Max(0, wanted.Bytes);
                problems.AddIf(wanted > memory, () => StackProblems.OverCapacity(at.Member("Memory"), "Memory", wanted.ToString(), memory.ToString() ?? ""));
                tooLarge |= wanted > memory;
            }

            if (limits.Cpus is { } share)
            {
                allCpus += Math.Max(0, share);
                problems.AddIf(share > cpus, () => StackProblems.OverCapacity(at.Member("Cpus"), "Processors", Number(share), Number(cpus ?? 0)));
                tooLarge |= share > cpus;
            }
        }

        foreach (var (hypervisor, machine) in host.Machines)
        {
            var at = place.Of("Hypervisors", hypervisor).Of("Machines", machine);
            allMemory += Math.Max(0, machine.Memory.Bytes);
            allCpus += Math.Max(0, machine.Cpus);
            allDisk += (machine.Disk?.Bytes ?? 0) + machine.Disks.Sum(disk => Math.Max(0, disk.Size.Bytes));
            problems.AddIf(machine.Memory > memory, () => StackProblems.OverCapacity(at.Member("Memory"), "Memory", machine.Memory.ToString(), memory.ToString() ?? ""));
            problems.AddIf(machine.Cpus > cpus, () => StackProblems.OverCapacity(at.Member("Cpus"), "Processors", Number(machine.Cpus), Number(cpus ?? 0)));
            tooLarge |= machine.Memory > memory || machine.Cpus > cpus;
        }

        // Where one alone is too large that is the mistake; the sum would say the same again.
        var (everything, all) = host.Machines.Any() ? host.Containers.IsEmpty ? ("Hypervisors", "all machines") : ("Capacity", "all containers and machines") : ("Containers", "all containers");
        problems.AddIf(!tooLarge && memory is { } there && allMemory > there.Bytes, () => StackProblems.OverCapacity(
            place.Member(everything), $"Memory of {all} together", new DataSize(allMemory).ToString(), memory.ToString() ?? ""));
        problems.AddIf(!tooLarge && allCpus > cpus + 1e-9, () => StackProblems.OverCapacity(
            place.Member(everything), $"Processors of {all} together", Number(allCpus), Number(cpus ?? 0)));
        problems.AddIf(disk is { } room && allDisk > room.Bytes, () => StackProblems.OverCapacity(
            place.Member("Hypervisors"), "Storage of all machines together, full", new DataSize((long)Math.Min(allDisk, long.MaxValue / 2)).ToString(), disk.ToString() ?? ""));
    }

    private static void Limits(ContainerLimits limits, Place place, ProblemList problems)
    {
        problems.AddIf(limits.Memory is { } small && small < LeastMemory, () => StackProblems.MemoryTooSmall(place.Member("Memory"), limits.Memory.GetValueOrDefault()));
        problems.AddIf(
            limits.Cpus is { } cpus && !(cpus >= 0.01 && double.IsFinite(cpus)),
            () => StackProblems.Limit(place.Member("Cpus"), $"{Number(limits.Cpus ?? 0)} processors are less than 0.01, the least the engine takes"));
        problems.AddIf(limits.Pids is < 1, () => StackProblems.Limit(place.Member("Pids"), $"{limits.Pids} processes are too few to run anything"));
        problems.AddIf(
            limits.MemorySwap is not null && limits.Memory is null,
            () => StackProblems.Limit(place.Member("MemorySwap"), "It is memory and swap together, so it needs a Memory limit too"));
        problems.AddIf(
            limits.MemorySwap is { } both && limits.Memory is { } alone && both < alone,
            () => StackProblems.Limit(place.Member("MemorySwap"), $"{limits.MemorySwap} for memory and swap together is less than {limits.Memory} for memory alone"));
    }

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
