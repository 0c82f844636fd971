using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

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
        var read = Reading(entries);
        foreach (var (key, value) in entries)
        {
            read.Add(key, value);
        }

        return read.ToMap();
    }

    /// <summary>A map of the properties that are set; of equal names the last wins.</summary>
    public static PropertyMap Of(params IEnumerable<Property> properties)
    {
        var read = Reading(properties);
        foreach (var property in properties)
        {
            if (property.Value is not null)
            {
                read.Add(property.Name, property.Value);
            }
        }

        return read.ToMap();
    }

    public int Count => _keys.Length;

    public ImmutableArray<string> Keys => ImmutableCollectionsMarshal.AsImmutableArray(_keys);

    public ImmutableArray<PropertyValue> Values => ImmutableCollectionsMarshal.AsImmutableArray(_values);

    IEnumerable<string> IReadOnlyDictionary<string, PropertyValue>.Keys => _keys;

    IEnumerable<PropertyValue> IReadOnlyDictionary<string, PropertyValue>.Values => _values;

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

    /// <summary>The same keys with other values; this very map where each value stays the very same.</summary>
    public PropertyMap WithValues(Func<string, PropertyValue, PropertyValue> convert)
    {
        ArgumentNullException.ThrowIfNull(convert);
        PropertyValue[]? converted = null;
        for (var i = 0; i < _values.Length; i++)
        {
            var value = convert(_keys[i], _values[i]);
            if (!ReferenceEquals(value, _values[i]))
            {
                converted ??= [.. _values];
                converted[i] = value;
            }
        }

        return converted is null ? this : new PropertyMap(_keys, converted);
    }

    /// <summary>The entries that are to be kept; this very map where all are.</summary>
    public PropertyMap Where(Func<string, PropertyValue, bool> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var kept = new Entries(_keys.Length);
        for (var i = 0; i < _keys.Length; i++)
        {
            if (keep(_keys[i], _values[i]))
            {
                kept.Add(_keys[i], _values[i]);
            }
        }

        return kept.Count == _keys.Length ? this : kept.ToMap();
    }

    public PropertyMap Without(string key) => ContainsKey(key) ? Where((name, _) => name != key) : this;

    /// <summary>This map with the other's entries laid over it.</summary>
    public PropertyMap Merge(PropertyMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var both = new Entries(Count + other.Count);
        both.AddAll(this);
        both.AddAll(other);
        return both.ToMap();
    }

    public bool Equals(PropertyMap? other) =>
        other is not null && (ReferenceEquals(this, other)
            || ((ReferenceEquals(_keys, other._keys) || _keys.AsSpan().SequenceEqual(other._keys)) && _values.AsSpan().SequenceEqual(other._values)));

    public override bool Equals(object? obj) => Equals(obj as PropertyMap);

    public override int GetHashCode() => _keys.Aggregate(Count, HashCode.Combine);

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<string, PropertyValue>> IEnumerable<KeyValuePair<string, PropertyValue>>.GetEnumerator()
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            yield return KeyValuePair.Create(_keys[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<KeyValuePair<string, PropertyValue>>)this).GetEnumerator();

    public override string ToString() => $"{{{string.Join(", ", this.Select(entry => $"{entry.Key}: {entry.Value}"))}}}";

    /// <summary>Goes through a map without an object of its own.</summary>
    public struct Enumerator(PropertyMap map)
    {
        private int _at = -1;

        public readonly KeyValuePair<string, PropertyValue> Current => KeyValuePair.Create(map._keys[_at], map._values[_at]);

        public bool MoveNext() => ++_at < map._keys.Length;
    }

    private static Entries Reading<T>(IEnumerable<T> source) => new(source.TryGetNonEnumeratedCount(out var count) ? count : 4);

    /// <summary>
    /// Entries as they come. Mostly in order already, since they come from another map: then they are the map's own arrays. Maps are made in such
    /// numbers that what this allocates is a good part of a plan's time.
    /// </summary>
    private struct Entries(int capacity)
    {
        private string[] _keys = new string[capacity];
        private PropertyValue[] _values = new PropertyValue[capacity];
        private int _count;
        private bool _isUnordered;

        public readonly int Count => _count;

        public void AddAll(PropertyMap map)
        {
            for (var i = 0; i < map._keys.Length; i++)
            {
                Add(map._keys[i], map._values[i]);
            }
        }

        public void Add(string key, PropertyValue value)
        {
            if (_count == _keys.Length)
            {
                Resize(Math.Max(4, _count * 2));
            }

            _isUnordered |= _count > 0 && string.CompareOrdinal(_keys[_count - 1], key) >= 0;
            (_keys[_count], _values[_count]) = (key, value);
            _count++;
        }

        public PropertyMap ToMap()
        {
            if (_count == 0)
            {
                return Empty;
            }

            if (_isUnordered)
            {
                Order();
            }

            if (_count < _keys.Length)
            {
                Resize(_count);
            }

            return new PropertyMap(_keys, _values);
        }

        /// <summary>Equal keys stay in the order in which they came, and the last of them is kept.</summary>
        private void Order()
        {
            var (keys, values) = (_keys, _values);
            var order = new int[_count];
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            Array.Sort(order, (left, right) => string.CompareOrdinal(keys[left], keys[right]) is var keyOrder and not 0 ? keyOrder : left - right);
            (_keys, _values, _count) = (new string[order.Length], new PropertyValue[order.Length], 0);
            for (var i = 0; i < order.Length; i++)
            {
                if (i + 1 == order.Length || keys[order[i]] != keys[order[i + 1]])
                {
                    (_keys[_count], _values[_count]) = (keys[order[i]], values[order[i]]);
                    _count++;
                }
            }
        }

        private void Resize(int length)
        {
            Array.Resize(ref _keys, length);
            Array.Resize(ref _values, length);
        }
    }
}
