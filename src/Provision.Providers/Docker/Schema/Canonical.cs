using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Provision.Providers.Docker.Schema;

/// <summary>One spelling for each kind of scalar; null for what is not well-formed. All are idempotent.</summary>
internal static partial class Canonical
{
    /// <summary>Go's durations: <c>90s</c>, <c>1m30s</c> and <c>1.5m</c> are one. Written as Go writes them.</summary>
    public static string? Duration(string text) => ParseDuration(text) is { } duration ? FormatDuration(duration) : null;

    /// <summary>Null where the text is no duration, or a negative one.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (!DurationPattern().IsMatch(text))
        {
            return null;
        }

        decimal ticks = 0;
        foreach (Match part in DurationPart().Matches(text))
        {
            if (!decimal.TryParse(part.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            {
                return null;
            }

            var unit = part.Groups[2].Value switch
            {
                "h" => TimeSpan.TicksPerHour,
                "m" => TimeSpan.TicksPerMinute,
                "s" => TimeSpan.TicksPerSecond,
                "ms" => TimeSpan.TicksPerMillisecond,
                "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
                _ => 0.01m,
            };
            if (count > long.MaxValue / 1000m / unit)
            {
                return null;
            }

            ticks += count * unit;
        }

        return ticks <= long.MaxValue / 1000m ? TimeSpan.FromTicks((long)ticks) : null;
    }

    public static string FormatDuration(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
        {
            return duration.Ticks switch
            {
                0 => "0s",
                < TimeSpan.TicksPerMillisecond => string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / 10m:0.#}µs"),
                _ => string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / 10_000m:0.####}ms"),
            };
        }

        var hours = duration.Ticks / TimeSpan.TicksPerHour;
        var seconds = duration.Ticks % TimeSpan.TicksPerMinute / 10_000_000m;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(hours > 0 ? $"{hours}h" : "")}{(hours > 0 || duration.Minutes > 0 ? $"{duration.Minutes}m" : "")}{seconds:0.#######}s");
    }

    /// <summary>The daemon writes <c>CAP_NET_ADMIN</c> for <c>net_admin</c>.</summary>
    public static string? Capability(string text)
    {
        var upper = text.Trim().ToUpperInvariant();
        return !CapabilityPattern().IsMatch(upper) ? null : upper == "ALL" || upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : $"CAP_{upper}";
    }

    /// <summary>A file mode in octal: <c>0644</c>, <c>644</c>.</summary>
    public static string? OctalMode(string text) =>
        OctalPattern().IsMatch(text) ? text.TrimStart('0').PadLeft(4, '0') : null;

    /// <summary>Lowercase and with colons, as the daemon writes it.</summary>
    public static string? Mac(string text)
    {
        var plain = text.Replace('-', ':').ToLowerInvariant();
        return MacPattern().IsMatch(plain) ? plain : null;
    }

    /// <summary>An address without needless zeroes: <c>fd00::1</c> for <c>fd00:0:0::1</c>.</summary>
    public static string? Address(string text)
    {
        // IPAddress also reads "10.1" and "0x0a000001"; nobody who writes those means them.
        return IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3)
            ? address.ToString()
            : null;
    }

    /// <summary>A subnet by its first address: <c>10.1.0.0/16</c> for <c>10.1.2.3/16</c>.</summary>
    public static string? Cidr(string text)
    {
        var at = text.IndexOf('/', StringComparison.Ordinal);
        if (at < 0 || Address(text[..at]) is not { } address || !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return null;
        }

        var bytes = IPAddress.Parse(address).GetAddressBytes();
        if (length > bytes.Length * 8)
        {
            return null;
        }

        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{length}");
    }

    /// <summary>An address, or a subnet in its place.</summary>
    public static string? AddressOrCidr(string text) => Address(text) ?? Cidr(text);

    /// <summary><c>default</c> is what an old daemon calls <c>bridge</c>.</summary>
    public static string? NetworkMode(string text) => text is "default" or "" ? "bridge" : text;

    public static string? RestartPolicy(string text) => text switch
    {
        "" or "no" => "no",
        "on-failure" or "always" or "unless-stopped" => text,
        _ => null,
    };

    public static string? Protocol(string text) => text.ToLowerInvariant() is "tcp" or "udp" or "sctp" ? text.ToLowerInvariant() : null;

    /// <summary>A share of processors: <c>1.50</c> and <c>1.5</c> are one.</summary>
    public static string? Cpus(string text) => ParseNanoCpus(text) is { } nano ? FormatNanoCpus(nano) : null;

    public static long? ParseNanoCpus(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpus) && cpus is >= 0 and < 1_000_000
            ? (long)(cpus * 1_000_000_000m)
            : null;

    public static string FormatNanoCpus(long nano) => (nano / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary><c>A=1</c>; a name alone takes the client's value in the docker CLI, which we never pass on.</summary>
    public static string? EnvironmentEntry(string text) => text.IndexOf('=', StringComparison.Ordinal) > 0 ? text : null;

    /// <summary>What an entry of /etc/hosts points to; <c>host-gateway</c> is the daemon's word for the host itself.</summary>
    public static string? HostAddress(string text) => text == "host-gateway" ? text : Address(text);

    public static string? Base64(string text) => System.Buffers.Text.Base64.IsValid(text) ? text : null;

    public static string? MountType(string text) => text is "bind" or "volume" or "tmpfs" ? text : null;

    public static string? Propagation(string text) => text is "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" ? text : null;

    public static string? SelinuxRelabel(string text) => text is "z" or "Z" ? text : null;

    /// <summary>A path from the root, of Linux or of Windows, without a trailing slash.</summary>
    public static string? AbsolutePath(string text) =>
        text.StartsWith('/') ? text.TrimEnd('/') is { Length: > 0 } path ? path : "/" : WindowsPathPattern().IsMatch(text) ? text : null;

    /// <summary>A set of processors: <c>0,1,2</c> and <c>0-2</c> are one.</summary>
    public static string? CpuSet(string text)
    {
        if (!CpuSetPattern().IsMatch(text))
        {
            return null;
        }

        var cpus = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first || last > 8191)
            {
                return null;
            }

            cpus.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return string.Join(',', Ranges(cpus));
    }

    private static IEnumerable<string> Ranges(SortedSet<int> cpus)
    {
        int? first = null;
        foreach (var cpu in cpus)
        {
            first ??= cpu;
            if (!cpus.Contains(cpu + 1))
            {
                yield return first == cpu ? $"{cpu}" : $"{first}-{cpu}";
                first = null;
            }
        }
    }

    /// <summary>
    /// An image reference in full: <c>nginx</c> is <c>docker.io/library/nginx:latest</c>. Image ids and digests stay as they are. Looks at no registry.
    /// </summary>
    public static string? Image(string text) =>
        ImageIdPattern().IsMatch(text) ? text
        : ImageReference.TryParse(text, out var reference, out _) ? reference.ToString()
        : null;

    [GeneratedRegex(@"^(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*\z")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")]
    private static partial Regex DurationPart();

    [GeneratedRegex(@"^[A-Za-z]:[\\/]")]
    private static partial Regex WindowsPathPattern();

    [GeneratedRegex(@"^[A-Z][A-Z_]*\z")]
    private static partial Regex CapabilityPattern();

    [GeneratedRegex(@"^[0-7]{1,5}\z")]
    private static partial Regex OctalPattern();

    [GeneratedRegex(@"^([0-9a-f]{2}:){5}[0-9a-f]{2}\z")]
    private static partial Regex MacPattern();

    [GeneratedRegex(@"^\d+([,-]\d+)*\z")]
    private static partial Regex CpuSetPattern();

    [GeneratedRegex(@"^(sha256:)?[0-9a-f]{64}\z")]
    private static partial Regex ImageIdPattern();
}
