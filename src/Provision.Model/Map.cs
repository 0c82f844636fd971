using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Provision.Model;

/// <summary>An immutable map by name, written <c>new() { ["KEY"] = "value" }</c>, in the order of the names.</summary>
/// <typeparam name="T">What the names stand for.</typeparam>
public sealed class Map<T> : IReadOnlyDictionary<string, T>
{
    private ImmutableSortedDictionary<string, T> _entries = ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    /// <summary>An empty map.</summary>
    public Map()
    {
    }

    /// <summary>A map of the entries; of equal names the last wins.</summary>
    public Map(IEnumerable<KeyValuePair<string, T>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var (name, value) in entries)
        {
            _entries = _entries.SetItem(name, value);
        }
    }

    /// <summary>The entry of that name; set only while the map is made.</summary>
    public T this[string key]
    {
        get => _entries[key];
        init => _entries = _entries.SetItem(key, value);
    }

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The names, in ordinal order.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>The values, in the order of their names.</summary>
    public IEnumerable<T> Values => _entries.Values;

    /// <summary>Whether there is an entry of that name.</summary>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <summary>Finds the entry of that name.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _entries.TryGetValue(key, out value);

    /// <summary>This map with one entry added or changed.</summary>
    public Map<T> With(string key, T value) => new(_entries.SetItem(key, value));

    /// <summary>This map with the other's entries laid over it.</summary>
    public Map<T> With(IEnumerable<KeyValuePair<string, T>> entries) => new(_entries.Concat(entries));

    /// <summary>The entries, in the order of their names.</summary>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
