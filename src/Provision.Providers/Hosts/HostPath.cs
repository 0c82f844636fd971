using System.Text.RegularExpressions;

namespace Provision.Providers.Hosts;

/// <summary>Which paths on a host an input may name: absolute, without steps up, without control characters.</summary>
internal static partial class HostPath
{
    public const string Meant = "an absolute path without '..'";

    [GeneratedRegex(@"\A(/(?!\.{1,2}(/|\z))[^/\x00-\x1f\x7f]+)+\z")]
    public static partial Regex Shape();
}
