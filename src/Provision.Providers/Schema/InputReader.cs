using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>Reads checked inputs by name, as the types they were checked to be. Unset reads as null or empty.</summary>
internal sealed class InputReader(PropertyMap inputs)
{
    public bool Has(string name) => Values.Plain(inputs.Find(name)) is not null;

    public string? Text(string name) => (Values.Plain(inputs.Find(name)) as PropertyValue.String)?.Value is { Length: > 0 } text ? text : null;

    public long? Integer(string name) => Values.Plain(inputs.Find(name)) is PropertyValue.Number number ? (long)number.Value : null;

    public bool? Flag(string name) => (Values.Plain(inputs.Find(name)) as PropertyValue.Bool)?.Value;

    public ImmutableArray<string> Texts(string name) =>
        [.. Values.Items(inputs.Find(name)).Select(item => (Values.Plain(item) as PropertyValue.String)?.Value).OfType<string>()];

    public Dictionary<string, string> TextMap(string name) =>
        Values.Members(inputs.Find(name))
            .Where(entry => Values.Plain(entry.Value) is PropertyValue.String)
            .ToDictionary(entry => entry.Key, entry => ((PropertyValue.String?)Values.Plain(entry.Value))?.Value ?? "", StringComparer.Ordinal);

    public InputReader? Object(string name) => Values.Plain(inputs.Find(name)) is PropertyValue.Map map ? new InputReader(map.Properties) : null;

    public ImmutableArray<InputReader> Objects(string name) =>
        [.. Values.Items(inputs.Find(name)).Select(item => new InputReader(Values.Members(item)))];

    /// <summary>A list of <c>{label, value}</c> objects as the map it stands for; of equal labels the last wins.</summary>
    public Dictionary<string, string> Labels(string name = "labels")
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in Objects(name))
        {
            labels[label.Text("label") ?? ""] = label.Text("value") ?? "";
        }

        return labels;
    }
}
