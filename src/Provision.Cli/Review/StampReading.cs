using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Providers.Lowering;

namespace Provision.Cli.Review;

/// <summary>What a step tells by the stamp that every object of ours carries: as a map of libvirt's resources, as labels of Docker's.</summary>
internal static class StampReading
{
    /// <summary>Whom the resource is for, before or after; null where nobody says.</summary>
    public static string? OwnerOf(PlannedStep step) => OwnerIn(step.Inputs) ?? OwnerIn(step.Old?.Inputs);

    /// <summary>Whether an input is the stamp, which tells nothing about what the resource is.</summary>
    public static bool IsStamp(string input) => input is "__stamp" or "labels";

    private static string? OwnerIn(PropertyMap? inputs) => inputs is null ? null : StampedOwner.In(inputs);
}
