using System.Collections.Immutable;

namespace Provision.Model.Policies;

/// <summary>
/// A value in a resource's inputs. Nothing here ever throws: what is not set is a value too, and so is what is only known later or is secret. A rule that
/// asks for what is wrong therefore never finds it in what it cannot know.
/// </summary>
public sealed class LoweredValue
{
    /// <summary>Nothing is set.</summary>
    public static readonly LoweredValue Missing = new(null);

    /// <summary>Something that only exists after the stack is brought up.</summary>
    public static readonly LoweredValue Unknown = new(null);

    /// <summary>Something that nobody may see.</summary>
    public static readonly LoweredValue Secret = new(null);

    private readonly object? _value;

    private LoweredValue(object? value) => _value = value;

    /// <summary>Whether nothing is set.</summary>
    public bool IsMissing => ReferenceEquals(this, Missing);

    /// <summary>Whether it is only known later.</summary>
    public bool IsUnknown => ReferenceEquals(this, Unknown);

    /// <summary>Whether it is secret.</summary>
    public bool IsSecret => ReferenceEquals(this, Secret);

    /// <summary>Whether it is the flag true.</summary>
    public bool IsTrue => _value is true;

    /// <summary>The text; null where it is none.</summary>
    public string? Text => _value as string;

    /// <summary>The number; null where it is none.</summary>
    public double? Number => _value as double?;

    /// <summary>The items of a list; none where it is no list.</summary>
    public ImmutableArray<LoweredValue> Items => _value is ImmutableArray<LoweredValue> items ? items : [];

    /// <summary>The members of a map; none where it is no map.</summary>
    public ImmutableSortedDictionary<string, LoweredValue> Members =>
        _value as ImmutableSortedDictionary<string, LoweredValue> ?? ImmutableSortedDictionary<string, LoweredValue>.Empty;

    /// <summary>A member of a map.</summary>
    public LoweredValue this[string member] => IsUnknown || IsSecret ? this : Members.GetValueOrDefault(member) ?? Missing;

    /// <summary>An item of a list, from zero.</summary>
    public LoweredValue this[int index] => IsUnknown || IsSecret ? this : index >= 0 && index < Items.Length ? Items[index] : Missing;

    /// <summary>What it says, for messages.</summary>
    public override string ToString() => IsMissing ? "nothing" : IsUnknown ? "[unknown]" : IsSecret ? "[secret]" : _value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        string text => text,
        ImmutableArray<LoweredValue> items => $"[{string.Join(", ", items)}]",
        _ => $"{{{string.Join(", ", Members.Select(member => $"{member.Key}: {member.Value}"))}}}",
    };

    internal static LoweredValue Of(bool flag) => new(flag);

    internal static LoweredValue Of(double number) => new(number);

    internal static LoweredValue Of(string text) => new(text);

    internal static LoweredValue Of(IEnumerable<LoweredValue> items) => new(items.ToImmutableArray());

    internal static LoweredValue Of(IEnumerable<KeyValuePair<string, LoweredValue>> members) => new(members.ToImmutableSortedDictionary(StringComparer.Ordinal));
}
