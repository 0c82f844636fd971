using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Provision.Engine.Resources;

/// <summary>
/// One value of a resource's inputs or outputs. A closed hierarchy; compared by content.
/// <see cref="Reference"/> and <see cref="Join"/> occur only in goals: they are resolved before a provider or a state sees them.
/// </summary>
public abstract record PropertyValue
{
    /// <summary>Pulumi's marker of an unknown string on the wire and in states left by interrupted runs.</summary>
    public const string UnknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    private protected PropertyValue()
    {
    }

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator PropertyValue?(string? text) => text is null ? null : new String(text);

    public static implicit operator PropertyValue(bool value) => new Bool(value);

    public static implicit operator PropertyValue(double value) => new Number(value);

    [return: NotNullIfNotNull(nameof(map))]
    public static implicit operator PropertyValue?(PropertyMap? map) => map is null ? null : new Map(map);

    public static PropertyValue ListOf(IEnumerable<PropertyValue> items) => new List([.. items]);

    public static PropertyValue ListOf(IEnumerable<string> items) => new List([.. items.Select(item => (PropertyValue)item)]);

    public sealed record Null : PropertyValue
    {
        public static readonly Null Value = new();

        public override string ToString() => "null";
    }

    public sealed record Bool(bool Value) : PropertyValue
    {
        public override string ToString() => Value ? "true" : "false";
    }

    public sealed record Number(double Value) : PropertyValue
    {
        public override string ToString() => Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
    }

    public sealed record String(string Value) : PropertyValue
    {
        public override string ToString() => Value;
    }

    public sealed record List(ImmutableArray<PropertyValue> Items) : PropertyValue
    {
        /// <summary>A list of as many other items; this very list where each stays the very same.</summary>
        public List WithItems(Func<PropertyValue, PropertyValue> convert)
        {
            ArgumentNullException.ThrowIfNull(convert);
            PropertyValue[]? converted = null;
            for (var i = 0; i < Items.Length; i++)
            {
                var item = convert(Items[i]);
                if (!ReferenceEquals(item, Items[i]))
                {
                    converted ??= [.. Items];
                    converted[i] = item;
                }
            }

            return converted is null ? this : new List(ImmutableCollectionsMarshal.AsImmutableArray(converted));
        }

        public bool Equals(List? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

        public override string ToString() => $"[{string.Join(", ", Items)}]";
    }

    public sealed record Map(PropertyMap Properties) : PropertyValue
    {
        /// <summary>A map of the same keys with other values; this very value where each stays the very same.</summary>
        public Map WithValues(Func<string, PropertyValue, PropertyValue> convert) =>
            Properties.WithValues(convert) is var converted && ReferenceEquals(converted, Properties) ? this : new Map(converted);

        public override string ToString() => Properties.ToString();
    }

    /// <summary>A file's content, by text or path, known by its hash (lowercase hex SHA-256). Without text and path: content elided.</summary>
    public sealed record Asset(string? Text, string? Path, string? Hash) : PropertyValue
    {
        // By hash where both have one: that is what the hash is for, and elided contents compare equal to present ones.
        public bool Equals(Asset? other) =>
            other is not null && (Hash is not null && other.Hash is not null ? Hash == other.Hash : Text == other.Text && Path == other.Path);

        public override int GetHashCode() => 0;
    }

    /// <summary>Several assets by name, or one archive file by path.</summary>
    public sealed record Archive(PropertyMap? Assets, string? Path, string? Hash) : PropertyValue
    {
        public bool Equals(Archive? other) =>
            other is not null && (Hash is not null && other.Hash is not null ? Hash == other.Hash : Path == other.Path && Equals(Assets, other.Assets));

        public override int GetHashCode() => 0;
    }

    /// <summary>Another resource as a value. An absent id means a component.</summary>
    public sealed record Resource(Urn Urn, string? Id, string? PackageVersion) : PropertyValue;

    /// <summary>A value that exists only after another step.</summary>
    public sealed record Unknown : PropertyValue
    {
        public static readonly Unknown Value = new();

        public override string ToString() => "[unknown]";
    }

    /// <summary>Another resource's output, still to be looked up. An empty path means the whole output map; <c>id</c> is the provider's id.</summary>
    public sealed record Reference(Urn Urn, PropertyPath Path) : PropertyValue
    {
        public override string ToString() => $"${{{Urn.Name}.{Path}}}";
    }

    /// <summary>Text joined of several values, some of them still to be looked up.</summary>
    public sealed record Join(ImmutableArray<PropertyValue> Parts) : PropertyValue
    {
        public bool Equals(Join? other) => other is not null && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

        public override int GetHashCode() => Parts.Aggregate(19, HashCode.Combine);

        public override string ToString() => string.Concat(Parts);
    }

    /// <summary>
    /// A value that is never shown. One read from a checkpoint keeps its ciphertext, so that files stay stable and the costly key
    /// is derived only when somebody really looks.
    /// </summary>
    public sealed record Secret : PropertyValue
    {
        private readonly Lazy<PropertyValue> _plain;

        public Secret(PropertyValue plain) => _plain = new Lazy<PropertyValue>(plain);

        public Secret(string ciphertext, Func<PropertyValue> decrypt) =>
            (Ciphertext, _plain) = (ciphertext, new Lazy<PropertyValue>(decrypt));

        /// <summary>The encrypted form it was read in; null for one made in this run.</summary>
        public string? Ciphertext { get; }

        /// <summary>The value itself, decrypted if need be.</summary>
        public PropertyValue Reveal() => _plain.Value;

        public bool Equals(Secret? other) =>
            other is not null && (ReferenceEquals(this, other)
                || (Ciphertext is not null && Ciphertext == other.Ciphertext)
                || Reveal().Equals(other.Reveal()));

        public override int GetHashCode() => 23;

        public override string ToString() => "[secret]";
    }
}
