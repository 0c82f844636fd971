using Provision.Engine.Contract;

namespace Provision.Tests.Testing;

/// <summary>Provider failures of each kind.</summary>
internal static class Failures
{
    public static ProviderException Refused(string why) => new(ProviderFailure.Refused, why, "Try otherwise.", Remainder.Untouched.Value);

    public static ProviderException Unreachable() => new(ProviderFailure.Unreachable, "Nothing listens there.", "Start it.", Remainder.Untouched.Value);

    public static ProviderException LeavingUnknown() => new(ProviderFailure.Unreachable, "The connection broke.", null, Remainder.Unknown.Value);
}
