using System.Net;
using System.Text.RegularExpressions;

namespace Provision.Providers.Libvirt.Schema;

/// <summary>The one spelling of each kind of text among the inputs of domains; null for one that is not well-formed. Pure, idempotent.</summary>
internal static partial class DomainCanonical
{
    public const string NameExpected = "a name of at most 200 bytes, with neither '/' nor control characters, that is no '.' or '..' and not blank";

    // libvirt makes file names of it (NVRAM, logs), so that it must be one path segment with room for an ending.
    private const int LongestName = 200;

    public static string? Name(string name) =>
        string.IsNullOrWhiteSpace(name) || name is "." or ".." || System.Text.Encoding.UTF8.GetByteCount(name) > LongestName
        || name.Any(character => character == '/' || char.IsControl(character) || char.IsSurrogate(character) || character is '\uFFFE' or '\uFFFF')
            ? null
            : name;

    /// <summary>Six bytes in lower case, as libvirt writes it. One of a group is refused, since no machine can have it.</summary>
    public static string? Mac(string mac) =>
        MacPattern().IsMatch(mac) && (Convert.ToInt32(mac[..2], 16) & 1) == 0 ? mac.ToLowerInvariant().Replace('-', ':') : null;

    public static string? Address(string address) => IPAddress.TryParse(address, out var parsed) && address.AsSpan().IndexOfAny('.', ':') >= 0 ? parsed.ToString() : null;

    public static string? HostName(string name) => HostNamePattern().IsMatch(name) ? name.ToLowerInvariant() : null;

    public static string? AbsolutePath(string path) =>
        path.StartsWith('/') && !path.Any(char.IsControl) ? path.Length > 1 ? path.TrimEnd('/') : path : null;

    public static string? Url(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0 ? url : null;

    public static string? Uuid(string uuid) => Guid.TryParseExact(uuid, "D", out var parsed) ? parsed.ToString("D") : null;

    public static string? Wwn(string wwn) => WwnPattern().IsMatch(wwn) ? wwn.ToLowerInvariant() : null;

    public static string? Port(string port) => uint.TryParse(port, out var number) && number < 256 ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;

    public static string? FirmwareName(string name) => name.StartsWith("opt/", StringComparison.Ordinal) && name.Length is > 4 and <= 55 && !name.Any(char.IsControl) ? name : null;

    public static string? BootDevice(string device) => OneOf(device, "hd", "cdrom", "network", "fd");

    public static string? ConsoleTarget(string target) => OneOf(target, "serial", "virtio", "xen", "lxc", "sclp", "sclplm");

    public static string? ConsoleType(string type) => OneOf(type, "pty", "tcp", "dev", "file", "unix", "null");

    public static string? CpuMode(string mode) => OneOf(mode, "host-passthrough", "host-model", "maximum", "custom");

    public static string? AccessMode(string mode) => OneOf(mode, "mapped", "passthrough", "squash");

    public static string? ListenType(string type) => OneOf(type, "none", "address", "network", "socket");

    public static string? Graphics(string type) => OneOf(type, "vnc", "spice");

    public static string? TpmBackend(string type) => OneOf(type, "emulator", "passthrough");

    public static string? TpmVersion(string version) => OneOf(version, "1.2", "2.0");

    public static string? TpmModel(string model) => OneOf(model, "tpm-tis", "tpm-crb", "tpm-spapr");

    private static string? OneOf(string text, params ReadOnlySpan<string> known) => known.Contains(text) ? text : null;

    [GeneratedRegex(@"^[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}\z")]
    private static partial Regex MacPattern();

    [GeneratedRegex(@"^(?=.{1,253}\z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex HostNamePattern();

    [GeneratedRegex(@"^[0-9A-Fa-f]{16}\z")]
    private static partial Regex WwnPattern();
}
