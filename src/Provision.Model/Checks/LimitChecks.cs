using System.Globalization;

namespace Provision.Model.Checks;

/// <summary>Limits of containers that are wrong whatever the host has.</summary>
internal static class LimitChecks
{
    private static readonly DataSize LeastMemory = 6.MiB;

    public static void Run(ContainerLimits limits, Place place, ProblemList problems)
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
