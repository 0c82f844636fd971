using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>Looks into property values: through secrets, and with the field's idea of "not set".</summary>
internal static class Values
{
    /// <summary>The value itself; null for one that is not set.</summary>
    public static PropertyValue? Plain(PropertyValue? value) => value switch
    {
        null or PropertyValue.Null => null,
        PropertyValue.Secret secret => Plain(secret.Reveal()),
        _ => value,
    };

    /// <summary>
    /// Whether it says nothing: absent, null, "", 0, false, no members. States written elsewhere use them interchangeably where there is no default.
    /// </summary>
    public static bool IsEmpty(PropertyValue? value) => Plain(value) switch
    {
        null => true,
        PropertyValue.String text => text.Value.Length == 0,
        PropertyValue.Number number => number.Value == 0,
        PropertyValue.Bool flag => !flag.Value,
        PropertyValue.List list => list.Items.IsEmpty,
        PropertyValue.Map map => map.Properties.Values.All(IsEmpty),
        _ => false,
    };

    /// <summary>Whether any part of it only exists after another step.</summary>
    public static bool HasUnknown(PropertyValue? value) => Plain(value) switch
    {
        PropertyValue.Unknown => true,
        PropertyValue.List list => list.Items.Any(HasUnknown),
        PropertyValue.Map map => map.Properties.Values.Any(HasUnknown),
        _ => false,
    };

    /// <summary>Whether any part of it must not be shown.</summary>
    public static bool HasSecret(PropertyValue? value) => value switch
    {
        PropertyValue.Secret => true,
        PropertyValue.List list => list.Items.Any(HasSecret),
        PropertyValue.Map map => map.Properties.Values.Any(HasSecret),
        _ => false,
    };

    public static ImmutableArray<PropertyValue> Items(PropertyValue? value) => Plain(value) is PropertyValue.List list ? list.Items : [];

    public static PropertyMap Members(PropertyValue? value) => Plain(value) is PropertyValue.Map map ? map.Properties : PropertyMap.Empty;
}
