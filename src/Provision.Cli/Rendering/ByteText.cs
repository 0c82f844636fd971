using System.Globalization;

namespace Provision.Cli.Rendering;

/// <summary>A number of bytes as people read it, and never another number: <c>2 GiB</c>, <c>1536 MiB</c>, <c>1000 B</c>.</summary>
internal static class ByteText
{
    private static readonly (double Size, string Name)[] Units = [(1L << 40, "TiB"), (1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB"), (1, "B")];

    /// <summary>In the largest unit of which it is a whole number. None, and what stands for "unlimited", is left as it is.</summary>
    public static string Of(double bytes)
    {
        var (size, name) = bytes > 0 ? Units.FirstOrDefault(unit => bytes % unit.Size == 0, (1, "B")) : (1, "");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size:R} {name}").TrimEnd();
    }
}
