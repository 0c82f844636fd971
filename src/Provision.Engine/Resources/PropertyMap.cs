using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Provision.Engine.Resources;

/// <summary>
/// An immutable map of properties in ordinal key order, compared by content. Two sorted arrays, because a stack holds
/// hundreds of thousands of small maps and a tree node an entry would be most of the memory.
/// </summary>
public sealed class PropertyMap : IReadOnlyDictionary<string, PropertyValue>, IEquatable<PropertyMap>
{
    public static readonly PropertyMap Empty = new([], []);

    private readonly string[] _keys;
    private readonly PropertyValue[] _values;

    private PropertyMap(string[] keys, PropertyValue[] values) => (_keys, _values) = (keys, values);

    /// <summary>A map of the entries; of equal keys the last wins.</summary>
    public static PropertyMap From(IEnumerable<KeyValuePair<string, PropertyValue>> entries)
    {
        var merged = new Dictionary<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            merged[key] = value;
        }

        if (merged.Count == 0)
        {
            return Empty;
        }

        var keys = merged.Keys.ToArray();
        Array.Sort(keys, StringComparer.Ordinal);
        return new PropertyMap(keys, Array.ConvertAll(keys, key => merged[key]));
    }

    /// <summary>A map of the pairs whose value is not C#'s null: a null means "not set".</summary>
    public static PropertyMap Of(params IEnumerable<(string Key, PropertyValue? Value)> pairs) =>
        From(from pair in pairs where pair.Value is not null select KeyValuePair.Create(pair.Key, pair.Value));

    public int Count => _keys.Length;

    public IEnumerable<string> Keys => _keys;

    public IEnumerable<PropertyValue> Values => _values;

    public PropertyValue this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"No property '{key}'.");

    /// <summary>The value, or null where the key is missing.</summary>
    public PropertyValue? Find(string key) => TryGetValue(key, out var value) ? value : null;

    public bool ContainsKey(string key) => Array.BinarySearch(_keys, key, StringComparer.Ordinal) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out PropertyValue value)
    {
        var at = Array.BinarySearch(_keys, key, StringComparer.Ordinal);
        value = at >= 0 ? _values[at] : null;
        return at >= 0;
    }

    public PropertyMap With(string key, PropertyValue value)
    {
        var at = Array.BinarySearch(_keys, key, StringComparer.Ordinal);
        return at >= 0
            ? new PropertyMap(_keys, [.. _values[..at], value, .. _values[(at + 1)..]])
            : new PropertyMap([.. _keys[..~at], key, .. _keys[~at..]], [.. _values[..~at], value, .. _values[~at..]]);
    }

    public PropertyMap Without(string key) => ContainsKey(key) ? From(this.Where(entry => entry.Key != key)) : this;

    /// <summary>This map with the other's entries laid over it.</summary>
    public PropertyMap Merge(PropertyMap other) => From(this.Concat(other));

    public bool Equals(PropertyMap? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (_keys.AsSpan().SequenceEqual(other._keys) && _values.AsSpan().SequenceEqual(other._values)));

    public override bool Equals(object? obj) => Equals(obj as PropertyMap);

    public override int GetHashCode() => _keys.Aggregate(Count, HashCode.Combine);

    public IEnumerator<KeyValuePair<string, PropertyValue>> GetEnumerator()
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            yield return KeyValuePair.Create(_keys[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{{{string.Join(", ", this.Select(entry => $"{entry.Key}: {entry.Value}"))}}}";
}
