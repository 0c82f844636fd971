using Provision.Engine.Resources;

namespace Provision.Providers.Docker;

/// <summary>The daemon's forms in Pulumi's: always in one order, so that two looks at one thing are equal.</summary>
internal static class Shape
{
    public static PropertyValue Map(IDictionary<string, string>? map) =>
        PropertyMap.From((map ?? new Dictionary<string, string>()).Select(entry => KeyValuePair.Create(entry.Key, (PropertyValue)(entry.Value ?? ""))));

    public static PropertyValue List(IEnumerable<string>? items) => PropertyValue.ListOf(items ?? []);

    public static PropertyValue Labels(IDictionary<string, string>? labels) =>
        PropertyValue.ListOf((labels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => (PropertyValue)PropertyMap.Of(("label", label.Key), ("value", label.Value ?? ""))));
}
