using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Review;

/// <summary>Reads the stamp that every object of ours carries: as a map of libvirt's resources, as labels of Docker's.</summary>
internal static class StampReading
{
    private const string Owner = "provision.owner";

    /// <summary>Whom the resource is for, before or after; null where nobody says.</summary>
    public static string? OwnerOf(PlannedStep step) => OwnerIn(step.Inputs) ?? OwnerIn(step.Old?.Inputs);

    /// <summary>Whether an input is the stamp, which tells nothing about what the resource is.</summary>
    public static bool IsStamp(string input) => input is "__stamp" or "labels";

    private static string? OwnerIn(PropertyMap? inputs) =>
        (inputs?.Find("__stamp") as PropertyValue.Map)?.Properties.Find(Owner) is PropertyValue.String stamped ? stamped.Value
        : inputs?.Find("labels") is PropertyValue.List labels
            ? labels.Items.OfType<PropertyValue.Map>()
                .Where(label => label.Properties.Find("label") is PropertyValue.String { Value: Owner })
                .Select(label => (label.Properties.Find("value") as PropertyValue.String)?.Value)
                .FirstOrDefault(value => value is not null)
        : null;
}
