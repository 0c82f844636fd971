using System.Globalization;

namespace Provision.Cli.Rendering;

/// <summary>A number of bytes as people read it.</summary>
internal static class ByteText
{
    private static readonly (double Size, string Name)[] Units = [(1L << 40, "TiB"), (1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB"), (1, "B")];

    /// <summary>Exactly that number, in the largest unit of which it is a whole one: <c>2 GiB</c>, <c>1536 MiB</c>, <c>1000 B</c>. None, and what stands for "unlimited", is left as it is.</summary>
    public static string Of(double bytes)
    {
        var (size, name) = bytes > 0 ? Units.FirstOrDefault(unit => bytes % unit.Size == 0, (1, "B")) : (1, "");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size:R} {name}").TrimEnd();
    }

    /// <summary>Near enough for people to compare, to two places: <c>23.45 GiB</c>.</summary>
    public static string Rounded(double bytes)
    {
        var (size, name) = Units.FirstOrDefault(unit => bytes >= unit.Size, (1, "B"));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size:0.##} {name}");
    }
}
