using System.Globalization;

namespace Provision.Cli.Rendering;

/// <summary>How far a step is, in words.</summary>
internal static class ProgressText
{
    /// <summary>
    /// Providers count layers, files or bytes and do not say which. No stack has a million layers, and what is worth a download is no smaller than a
    /// mebibyte: a count from there up is one of bytes.
    /// </summary>
    private const long LeastBytes = 1L << 20;

    private static readonly (long Size, string Name)[] Units = [(1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB")];

    /// <param name="text">The provider's own word; null where it said none.</param>
    /// <param name="done">How much is done; null where it cannot be counted.</param>
    /// <param name="total">The whole; null where it is not known.</param>
    public static string? Of(string? text, long? done, long? total) => (done, total) switch
    {
        ({ } part, >= LeastBytes and var whole) => $"{text} {Percent(part, whole)} ({Amount(part, whole)} of {Bytes(whole)})".TrimStart(),
        ({ } part, > 0 and var whole) => $"{text} {Percent(part, whole)}".TrimStart(),
        ( >= LeastBytes and var part, null) => $"{text} {Bytes(part)}".TrimStart(),
        _ => text,
    };

    /// <summary>Bytes in the largest unit of which there is one.</summary>
    public static string Bytes(long bytes)
    {
        var (size, name) = Units.FirstOrDefault(unit => bytes >= unit.Size, (1, "B"));
        return size == 1 ? $"{bytes} {name}" : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)size:0.0} {name}");
    }

    private static string Percent(long done, long total) => $"{(long)Math.Clamp(100.0 * done / total, 0, 100)}%";

    /// <summary>The part in the whole's unit, so that the two can be compared at a glance.</summary>
    private static string Amount(long done, long total)
    {
        var (size, _) = Units.First(unit => total >= unit.Size);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(done, 0, total) / (double)size:0.0}");
    }
}
