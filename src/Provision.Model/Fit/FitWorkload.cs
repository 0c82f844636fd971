using System.Collections.Immutable;

namespace Provision.Model.Fit;

/// <summary>
/// What something that runs takes of what it runs on. What runs inside a machine takes of the machine, not of the host, so it is not among these.
/// </summary>
internal sealed record FitWorkload(string Name, FitNeed Memory, FitNeed Processors, FitNeed Disk, ImmutableArray<FitAddress> Addresses)
{
    public FitNeed Of(FitQuantity quantity) => quantity switch
    {
        FitQuantity.Memory => Memory,
        FitQuantity.Processors => Processors,
        _ => Disk,
    };

    /// <summary>Everything that runs on the host itself: containers, then machines.</summary>
    public static ImmutableArray<FitWorkload> Of(Host host) =>
    [
        .. host.Containers.Select(Of),
        .. host.Machines.Select(pair => Of(pair.Hypervisor, pair.Machine)),
    ];

    private static FitWorkload Of(Container container) => new(
        container.Name, FitNeed.Of(container.Limits.Memory?.Bytes), FitNeed.Of(container.Limits.Cpus), FitNeed.Of(0),
        [.. container.Networks.Select(place => new FitAddress((null, place.Network), place.Address is not null))]);

    // A first disk without a size is as large as its image, which only the image knows.
    private static FitWorkload Of(Hypervisor hypervisor, VirtualMachine machine) => new(
        machine.Name, FitNeed.Of(machine.Memory.Bytes), FitNeed.Of(machine.Cpus),
        new FitNeed((machine.Disk?.Bytes ?? 0.0) + machine.Disks.Sum(disk => (double)disk.Size.Bytes), machine.Disk is not null),
        [.. machine.Networks.Select(place => new FitAddress((hypervisor.Name, place.Network), place.Address is not null))]);
}

/// <summary>How much of a quantity is needed, as far as it is declared.</summary>
internal readonly record struct FitNeed(double Amount, bool IsDeclared)
{
    public static FitNeed Of(double? amount) => new(amount ?? 0, amount is not null);
}

/// <summary>A place on a network, which takes one address of it.</summary>
/// <param name="Network">The network, with its hypervisor where it is one of machines.</param>
/// <param name="IsFixed">The address was given, so nobody else gets it.</param>
internal sealed record FitAddress((string? Hypervisor, string Network) Network, bool IsFixed);
