using Provision.Engine.Resources;

namespace Provision.Providers.Lowering;

/// <summary>Reads the owner from the stamp that every lowered resource carries: a map of libvirt's, labels of Docker's.</summary>
public static class StampedOwner
{
    private const string Owner = "provision.owner";

    /// <summary>Whom the resource is for; null where nobody says.</summary>
    public static string? In(PropertyMap inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var stamped = inputs.Find("__stamp") is PropertyValue.Map stamp
            ? stamp.Properties.Find(Owner)
            : (inputs.Find("labels") as PropertyValue.List)?.Items.OfType<PropertyValue.Map>()
                .FirstOrDefault(label => label.Properties.Find("label") is PropertyValue.String { Value: Owner })?.Properties.Find("value");
        return (stamped as PropertyValue.String)?.Value;
    }
}
