using System.Collections.Frozen;

namespace Provision.Cli.Loading;

/// <summary>
/// What of .NET a definition may use, by name. Namespaces are an allow-list; inside them, types and members that see the world are taken out, and
/// of namespaces that do see it, harmless types are let in. Pure data: the compiler's symbols are looked up in <see cref="PurityCheck"/>.
/// </summary>
internal static class PurityTable
{
    private static readonly string[] AllowedNamespaces =
    [
        "System", "System.Linq", "System.Globalization", "System.Collections", "System.Collections.*", "System.Text", "System.Text.*", "System.Numerics",
        "System.Numerics.*", "System.Buffers", "System.Buffers.*", "System.ComponentModel.DataAnnotations", "System.Diagnostics.CodeAnalysis",
        "System.Runtime.CompilerServices",
    ];

    // First match wins: the longer names come first.
    private static readonly (string Namespace, ImpurityKind Kind)[] DeniedNamespaces =
    [
        ("System.IO", ImpurityKind.Files), ("System.Net", ImpurityKind.Network), ("System.Threading", ImpurityKind.Threads), ("System.Timers", ImpurityKind.Threads),
        ("System.Reflection", ImpurityKind.Reflection), ("System.Runtime.Loader", ImpurityKind.Reflection), ("System.Linq.Expressions", ImpurityKind.Reflection),
        ("System.Runtime.InteropServices", ImpurityKind.Native), ("System.Runtime.Intrinsics", ImpurityKind.Native),
        ("System.Security.Cryptography", ImpurityKind.Chance), ("System.Diagnostics", ImpurityKind.Process), ("System.Xml", ImpurityKind.Files),
        ("Microsoft.Win32", ImpurityKind.Machine), ("Microsoft.CSharp", ImpurityKind.Dynamic),
    ];

    // A type, or 'type.member'. An entry of a member stands before one of its type.
    private static readonly FrozenDictionary<string, ImpurityKind> Denied = new Dictionary<string, ImpurityKind>
    {
        ["System.DateTime.Now"] = ImpurityKind.Clock,
        ["System.DateTime.UtcNow"] = ImpurityKind.Clock,
        ["System.DateTime.Today"] = ImpurityKind.Clock,
        ["System.DateTime.ToLocalTime"] = ImpurityKind.Machine,
        ["System.DateTimeOffset.Now"] = ImpurityKind.Clock,
        ["System.DateTimeOffset.UtcNow"] = ImpurityKind.Clock,
        ["System.DateTimeOffset.LocalDateTime"] = ImpurityKind.Machine,
        ["System.DateTimeOffset.ToLocalTime"] = ImpurityKind.Machine,
        ["System.Diagnostics.Stopwatch"] = ImpurityKind.Clock,
        ["System.TimeProvider"] = ImpurityKind.Clock,
        ["System.Environment.TickCount"] = ImpurityKind.Clock,
        ["System.Environment.TickCount64"] = ImpurityKind.Clock,
        ["System.Environment"] = ImpurityKind.Machine,
        ["System.AppContext"] = ImpurityKind.Machine,
        ["System.OperatingSystem"] = ImpurityKind.Machine,
        ["System.TimeZone"] = ImpurityKind.Machine,
        ["System.TimeZoneInfo"] = ImpurityKind.Machine,
        ["System.GC"] = ImpurityKind.Machine,
        ["System.WeakReference"] = ImpurityKind.Machine,
        ["System.Globalization.CultureInfo.DefaultThreadCurrentCulture"] = ImpurityKind.StaticState,
        ["System.Globalization.CultureInfo.DefaultThreadCurrentUICulture"] = ImpurityKind.StaticState,
        ["System.Random"] = ImpurityKind.Chance,
        ["System.Guid.NewGuid"] = ImpurityKind.Chance,
        ["System.Guid.CreateVersion7"] = ImpurityKind.Chance,
        ["System.Linq.Enumerable.Shuffle"] = ImpurityKind.Chance,
        ["System.HashCode"] = ImpurityKind.Chance,
        ["System.String.GetHashCode"] = ImpurityKind.Chance,
        ["System.Object.GetHashCode"] = ImpurityKind.Chance,
        ["System.Buffers.ArrayPool"] = ImpurityKind.StaticState,
        ["System.Buffers.MemoryPool"] = ImpurityKind.StaticState,
        ["System.Linq.ParallelEnumerable"] = ImpurityKind.Threads,
        ["System.Linq.ParallelQuery"] = ImpurityKind.Threads,
        ["System.Linq.AsyncEnumerable"] = ImpurityKind.Async,
        ["System.Progress"] = ImpurityKind.Threads,
        ["System.Console"] = ImpurityKind.Terminal,
        ["System.Activator"] = ImpurityKind.Reflection,
        ["System.AppDomain"] = ImpurityKind.Reflection,
        ["System.Type"] = ImpurityKind.Reflection,
        ["System.Delegate.DynamicInvoke"] = ImpurityKind.Reflection,
        ["System.Delegate.CreateDelegate"] = ImpurityKind.Reflection,
        ["System.Delegate.Method"] = ImpurityKind.Reflection,
        ["System.Runtime.CompilerServices.Unsafe"] = ImpurityKind.Native,
        ["System.Runtime.CompilerServices.RuntimeHelpers"] = ImpurityKind.Reflection,
        ["System.Runtime.CompilerServices.ModuleInitializerAttribute"] = ImpurityKind.StaticState,
        ["System.Runtime.CompilerServices.UnsafeAccessorAttribute"] = ImpurityKind.Reflection,
        ["System.ThreadStaticAttribute"] = ImpurityKind.StaticState,
        ["System.Runtime.InteropServices.DllImportAttribute"] = ImpurityKind.Native,
        ["System.Runtime.InteropServices.LibraryImportAttribute"] = ImpurityKind.Native,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Allowed = new[]
    {
        "System.Environment.NewLine", "System.TimeZoneInfo.Utc",
        "System.Reflection.MemberInfo.Name", "System.Type.Name", "System.Type.FullName", "System.Type.Namespace", "System.Type.IsAssignableFrom", "System.Type.IsAssignableTo",
        "System.Type.IsInstanceOfType", "System.Type.ToString", "System.Type.Equals",
        "System.IO.Path.Combine", "System.IO.Path.Join", "System.IO.Path.GetFileName", "System.IO.Path.GetFileNameWithoutExtension",
        "System.IO.Path.GetExtension", "System.IO.Path.GetDirectoryName", "System.IO.Path.ChangeExtension", "System.IO.Path.HasExtension",
        "System.IO.Path.IsPathRooted", "System.IO.Path.DirectorySeparatorChar",
        "System.IO.StringReader", "System.IO.StringWriter", "System.IO.TextReader", "System.IO.TextWriter", "System.IO.MemoryStream",
        "System.Net.IPAddress", "System.Net.IPNetwork", "System.Net.IPEndPoint", "System.Net.WebUtility",
        "System.Security.Cryptography.SHA1", "System.Security.Cryptography.SHA256", "System.Security.Cryptography.SHA384",
        "System.Security.Cryptography.SHA512", "System.Security.Cryptography.MD5", "System.Security.Cryptography.HMACSHA256",
        "System.Security.Cryptography.HMACSHA512", "System.Security.Cryptography.HashAlgorithm",
    }.ToFrozenSet();

    /// <summary>Null where it may be used.</summary>
    public static ImpurityKind? Find(string space, string type, string? member)
    {
        var fullType = $"{space}.{type}";
        var fullMember = member is null ? fullType : $"{fullType}.{member}";
        if (Allowed.Contains(fullMember) || (Allowed.Contains(fullType) && !Denied.ContainsKey(fullMember)))
        {
            return null;
        }

        if (Denied.TryGetValue(fullMember, out var kind) || Denied.TryGetValue(fullType, out kind))
        {
            // A type of which some members may be used is no offence by itself: what is done with it is looked at.
            return member is null && type is "Type" ? null : kind;
        }

        if (AllowedNamespaces.Any(allowed => IsIn(space, allowed)))
        {
            return null;
        }

        var denied = DeniedNamespaces.FirstOrDefault(denied => IsIn(space, denied.Namespace) || IsIn(space, denied.Namespace + ".*"));
        return denied.Namespace is null ? ImpurityKind.Unlisted : denied.Kind;
    }

    /// <summary>Whether it is denied by its own name, and not only for its namespace.</summary>
    public static bool NamesType(string space, string type) => Denied.ContainsKey($"{space}.{type}");

    private static bool IsIn(string space, string pattern) =>
        pattern.EndsWith(".*", StringComparison.Ordinal) ? space.StartsWith(pattern[..^1], StringComparison.Ordinal) : space == pattern;
}
