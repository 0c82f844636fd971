namespace Provision.Providers.Docker;

/// <summary>Filters of list and event calls: <c>{"label":{"a=b":true}}</c>. Values of one key are alternatives (of labels, all apply), keys all apply.</summary>
internal static class Filter
{
    public static IDictionary<string, IDictionary<string, bool>> Of(string key, params IEnumerable<string> values) =>
        new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
        {
            [key] = values.Distinct(StringComparer.Ordinal).ToDictionary(value => value, _ => true, StringComparer.Ordinal),
        };

    public static IDictionary<string, IDictionary<string, bool>> And(this IDictionary<string, IDictionary<string, bool>> filter, string key, params IEnumerable<string> values)
    {
        filter[key] = Of(key, values)[key];
        return filter;
    }
}
