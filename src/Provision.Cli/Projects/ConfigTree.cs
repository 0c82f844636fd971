using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Cli.Projects;

/// <summary>Changes values without their text: what an edit of the text has to amount to.</summary>
internal static class ConfigTree
{
    public static ConfigValue? Find(ConfigValue? value, ReadOnlySpan<PropertyPath.Segment> path)
    {
        foreach (var segment in path)
        {
            value = value switch
            {
                ConfigValue.Map map when segment.Key is { } key => map.Find(key),
                ConfigValue.List list when segment.Key is null && segment.Index >= 0 && segment.Index < list.Items.Length => list.Items[segment.Index],
                _ => null,
            };
        }

        return value;
    }

    /// <summary>The tree with the value at the path; what lies between is made.</summary>
    /// <exception cref="FormatException">The path goes into text, past a list's end, or has a wildcard.</exception>
    public static ConfigValue Set(ConfigValue? tree, ReadOnlySpan<PropertyPath.Segment> path, ConfigValue value)
    {
        if (path.IsEmpty)
        {
            return value;
        }

        var segment = path[0];
        var rest = path[1..];
        if (segment.IsAll)
        {
            throw new FormatException("has a wildcard in its path, which a value cannot be set through");
        }

        if (segment.Key is { } key)
        {
            var map = tree switch
            {
                ConfigValue.Map existing => existing,
                null or ConfigValue.Scalar { IsNull: true } => new ConfigValue.Map([]),
                _ => throw new FormatException($"has no members to hold '{key}': it is no mapping"),
            };
            var at = map.Entries.FindIndex(entry => entry.Key == key);
            var changed = KeyValuePair.Create(key, Set(at < 0 ? null : map.Entries[at].Value, rest, value));
            return new ConfigValue.Map(at < 0 ? map.Entries.Add(changed) : map.Entries.SetItem(at, changed));
        }

        var list = tree switch
        {
            ConfigValue.List existing => existing,
            null or ConfigValue.Scalar { IsNull: true } => new ConfigValue.List([]),
            _ => throw new FormatException($"has no item [{segment.Index}]: it is no list"),
        };
        return segment.Index == list.Items.Length
            ? new ConfigValue.List(list.Items.Add(Set(null, rest, value)))
            : segment.Index < list.Items.Length
                ? new ConfigValue.List(list.Items.SetItem(segment.Index, Set(list.Items[segment.Index], rest, value)))
                : throw new FormatException($"has {list.Items.Length} items: [{segment.Index}] would leave a gap");
    }

    /// <summary>The tree without what is at the path, which has to be there.</summary>
    public static ConfigValue Remove(ConfigValue tree, ReadOnlySpan<PropertyPath.Segment> path)
    {
        var segment = path[0];
        var rest = path[1..];
        switch (tree)
        {
            case ConfigValue.Map map:
                var key = map.Entries.FindIndex(entry => entry.Key == segment.Key);
                var (name, inner) = map.Entries[key];
                return new ConfigValue.Map(rest.IsEmpty ? map.Entries.RemoveAt(key) : map.Entries.SetItem(key, KeyValuePair.Create(name, Remove(inner, rest))));
            case ConfigValue.List list:
                return new ConfigValue.List(
                    rest.IsEmpty ? list.Items.RemoveAt(segment.Index) : list.Items.SetItem(segment.Index, Remove(list.Items[segment.Index], rest)));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static int FindIndex(this ImmutableArray<KeyValuePair<string, ConfigValue>> entries, Predicate<KeyValuePair<string, ConfigValue>> match)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (match(entries[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
