using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Provision.Engine.Resources;

/// <summary>
/// A way into a value: <c>a.b</c>, <c>a[0]</c>, <c>a["key.with.dots"]</c>; <c>a[*]</c> and <c>a.*</c> stand for every member.
/// Pulumi's syntax for ignoreChanges, replaceOnChanges and detailed diffs.
/// </summary>
public sealed class PropertyPath : IEquatable<PropertyPath>, IComparable<PropertyPath>
{
    public static readonly PropertyPath Root = new([]);

    // A check makes a path to each value it looks at, and tells hardly any: a path of its own is its parent and one segment more.
    private readonly PropertyPath? _parent;
    private readonly string? _key;
    private readonly int _index;
    private ImmutableArray<Segment> _segments;

    private PropertyPath(ImmutableArray<Segment> segments) => _segments = segments;

    private PropertyPath(PropertyPath parent, string? key, int index) => (_parent, _key, _index) = (parent, key, index);

    /// <summary>One step: a key, an index, or every member.</summary>
    public sealed record Segment(string? Key, int Index)
    {
        public static readonly Segment All = new(null, -1);

        public bool IsAll => Key is null && Index < 0;
    }

    public ImmutableArray<Segment> Segments
    {
        get
        {
            if (_segments.IsDefault)
            {
                _segments = [.. _parent?.Segments ?? [], new Segment(_key, _index)];
            }

            return _segments;
        }
    }

    /// <summary>The first key, the top-level property that the path goes into; empty for the root.</summary>
    public string Top => Segments.IsEmpty ? "" : Segments[0].Key ?? Segments[0].Index.ToString(CultureInfo.InvariantCulture);

    public static PropertyPath Of(string key) => Root.Child(key);

    public PropertyPath Child(string key) => new(this, key, -1);

    public PropertyPath Child(int index) => new(this, null, index);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">A bracket or a quote is not closed, or an index is no number.</exception>
    public static PropertyPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var segments = ImmutableArray.CreateBuilder<Segment>();
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '.')
            {
                at++;
            }
            else if (text[at] == '[')
            {
                segments.Add(ReadBracket(text, ref at));
            }
            else
            {
                var end = text.AsSpan(at).IndexOfAny('.', '[');
                var key = end < 0 ? text[at..] : text[at..(at + end)];
                segments.Add(key == "*" ? Segment.All : new Segment(key, -1));
                at += key.Length;
            }
        }

        return new PropertyPath(segments.ToImmutable());
    }

    private static Segment ReadBracket(string text, ref int at)
    {
        if (at + 1 < text.Length && text[at + 1] == '"')
        {
            var key = new StringBuilder();
            for (at += 2; at < text.Length && text[at] != '"'; at++)
            {
                if (text[at] == '\\' && at + 1 < text.Length)
                {
                    at++;
                }

                key.Append(text[at]);
            }

            if (at + 1 >= text.Length || text[at + 1] != ']')
            {
                throw new FormatException($"The property path '{text}' has a quoted key without an end.");
            }

            at += 2;
            return new Segment(key.ToString(), -1);
        }

        var close = text.IndexOf(']', at);
        if (close < 0)
        {
            throw new FormatException($"The property path '{text}' has a bracket without an end.");
        }

        var inner = text[(at + 1)..close];
        at = close + 1;
        if (inner == "*")
        {
            return Segment.All;
        }

        return int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new Segment(null, index)
            : throw new FormatException($"The property path '{text}' has the index '{inner}', which is no number.");
    }

    /// <summary>Whether the other path lies in this one: equal, or below it, with wildcards of this path matching anything.</summary>
    public bool Contains(PropertyPath other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Segments.Length > other.Segments.Length)
        {
            return false;
        }

        for (var i = 0; i < Segments.Length; i++)
        {
            if (!Segments[i].IsAll && Segments[i] != other.Segments[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The value at the path, looking through secrets (the result is then secret too); null where there is none. Takes no wildcards.</summary>
    public PropertyValue? Find(PropertyValue value)
    {
        var current = value;
        var secret = false;
        foreach (var segment in Segments)
        {
            if (current is PropertyValue.Secret hidden)
            {
                (current, secret) = (hidden.Reveal(), true);
            }

            if (current is PropertyValue.Unknown)
            {
                break;
            }

            var next = current switch
            {
                PropertyValue.Map map when segment.Key is { } key => map.Properties.Find(key),
                PropertyValue.List list when segment.Index >= 0 && segment.Index < list.Items.Length => list.Items[segment.Index],
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            current = next;
        }

        return secret && current is not PropertyValue.Secret ? new PropertyValue.Secret(current) : current;
    }

    public bool Equals(PropertyPath? other) => other is not null && Segments.AsSpan().SequenceEqual(other.Segments.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as PropertyPath);

    public override int GetHashCode() => Segments.Aggregate(3, HashCode.Combine);

    public int CompareTo(PropertyPath? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public static bool operator ==(PropertyPath? left, PropertyPath? right) => Equals(left, right);

    public static bool operator !=(PropertyPath? left, PropertyPath? right) => !Equals(left, right);

    public static bool operator <(PropertyPath left, PropertyPath right) => left.CompareTo(right) < 0;

    public static bool operator >(PropertyPath left, PropertyPath right) => left.CompareTo(right) > 0;

    public static bool operator <=(PropertyPath left, PropertyPath right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PropertyPath left, PropertyPath right) => left.CompareTo(right) >= 0;

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var segment in Segments)
        {
            if (segment.IsAll)
            {
                text.Append("[*]");
            }
            else if (segment.Key is null)
            {
                text.Append('[').Append(segment.Index).Append(']');
            }
            else if (segment.Key.AsSpan().IndexOfAny('.', '[', '"') >= 0 || segment.Key is "" or "*")
            {
                text.Append("[\"").Append(segment.Key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\"]");
            }
            else
            {
                text.Append(text.Length > 0 ? "." : "").Append(segment.Key);
            }
        }

        return text.ToString();
    }
}
