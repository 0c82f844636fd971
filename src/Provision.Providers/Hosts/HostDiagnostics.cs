using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>Every diagnostic about a host; PROV21xx.</summary>
internal static class HostDiagnostics
{
    public static Diagnostic NeedsRoot(Urn subject, string what, HostAccess access) => new(
        Severity.Error, "PROV2101", "Root or passwordless sudo is needed",
        $"needs root or passwordless sudo to {what} on this host; you are uid {access.UserId} and sudo is not there or asks for a password",
        $"Run as root, allow yourself sudo without a password, or {what} by hand first.", subject);

    public static Diagnostic NoPackageTool(Urn subject, string what) => new(
        Severity.Error, "PROV2102", "No package manager we know",
        $"cannot {what}: this host has neither apt nor dnf",
        $"{char.ToUpperInvariant(what[0])}{what[1..]} by hand first.", subject);

    public static Diagnostic CannotLook(string address, string why) => new(
        Severity.Error, "PROV2103", "The host could not be looked at",
        $"{address}: {why}", "Check that sh, id and sudo work for you there.");
}
