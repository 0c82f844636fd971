using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Provision.Model;

/// <summary>An amount of memory or storage: <c>512.MiB</c>, <c>2.GiB</c>.</summary>
/// <param name="Bytes">The amount in bytes.</param>
[TypeConverter(typeof(DataSizeConverter))]
public readonly record struct DataSize(long Bytes) : IComparable<DataSize>, IComparable, IParsable<DataSize>
{
    private static readonly (string Unit, long Factor)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ];

    /// <summary>The amount in whole mebibytes, rounded down.</summary>
    public long WholeMiB => Bytes >> 20;

    /// <summary>Reads <c>512MiB</c>, <c>1.5 GiB</c>, <c>64kB</c> or <c>100B</c>. The unit is required, its case does not matter.</summary>
    /// <exception cref="FormatException">The text is no such amount.</exception>
    public static DataSize Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var size)
        ? size
        : throw new FormatException($"'{s}' is no amount of data. Write a number and a unit, such as 512MiB or 2GiB.");

    /// <summary>Reads an amount; false where the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DataSize result)
    {
        result = default;
        var text = s.AsSpan().Trim();
        foreach (var (unit, factor) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite;
            if (!decimal.TryParse(text[..^unit.Length], Style, CultureInfo.InvariantCulture, out var count) || count > (decimal)long.MaxValue / factor)
            {
                return false;
            }

            result = new DataSize((long)(count * factor));
            return true;
        }

        return false;
    }

    /// <summary>Orders by amount.</summary>
    public int CompareTo(DataSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Orders by amount.</summary>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        DataSize other => CompareTo(other),
        _ => throw new ArgumentException($"A DataSize cannot be compared with a {obj.GetType().Name}.", nameof(obj)),
    };

    /// <summary>The amount in the largest unit that is exact: <c>512MiB</c>.</summary>
    public override string ToString()
    {
        foreach (var (unit, factor) in Units)
        {
            if (Bytes != 0 && Bytes % factor == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Bytes / factor}{unit}");
            }
        }

        return "0B";
    }

    /// <summary>The sum of two amounts.</summary>
    public static DataSize operator +(DataSize left, DataSize right) => new(checked(left.Bytes + right.Bytes));

    /// <summary>The difference of two amounts.</summary>
    public static DataSize operator -(DataSize left, DataSize right) => new(checked(left.Bytes - right.Bytes));

    /// <summary>A multiple of an amount.</summary>
    public static DataSize operator *(DataSize size, int count) => new(checked(size.Bytes * count));

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(DataSize left, DataSize right) => left.Bytes < right.Bytes;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(DataSize left, DataSize right) => left.Bytes > right.Bytes;

    /// <summary>Whether the left amount is not larger.</summary>
    public static bool operator <=(DataSize left, DataSize right) => left.Bytes <= right.Bytes;

    /// <summary>Whether the left amount is not smaller.</summary>
    public static bool operator >=(DataSize left, DataSize right) => left.Bytes >= right.Bytes;
}
