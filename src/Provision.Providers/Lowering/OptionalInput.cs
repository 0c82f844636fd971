using Provision.Engine.Resources;

namespace Provision.Providers.Lowering;

/// <summary>Inputs that are only there when something was set: an empty list or an unset flag is no input.</summary>
internal static class OptionalInput
{
    public static PropertyValue? Text(string? text) => text is null ? null : (PropertyValue)text;

    public static PropertyValue? Whole(long? number) => number is { } set ? (PropertyValue)set : null;

    public static PropertyValue? Flag(bool value) => value ? (PropertyValue)true : null;

    public static PropertyValue? List(IEnumerable<PropertyValue> items) => items.ToArray() is { Length: > 0 } some ? PropertyValue.ListOf(some) : null;

    public static PropertyValue? Texts(IEnumerable<string> items) => List(items.Select(item => (PropertyValue)item));

    /// <summary>A map without the entries that are not set.</summary>
    public static PropertyValue? Map(IEnumerable<Property> entries) =>
        PropertyMap.Of(entries) is { Count: > 0 } some ? (PropertyValue)some : null;

    public static PropertyValue? Map(IEnumerable<KeyValuePair<string, string>> entries) => Map(entries.Select(entry => new Property(entry.Key, entry.Value)));
}
