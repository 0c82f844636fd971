using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.Contract;

/// <summary>Why a provider call failed, as far as the engine treats the causes differently.</summary>
public enum ProviderFailure
{
    /// <summary>The endpoint said no, for a reason of its own.</summary>
    Refused,

    /// <summary>The endpoint could not be reached: stopped daemon, missing socket, broken connection.</summary>
    Unreachable,

    /// <summary>No permission, or wrong credentials.</summary>
    Unauthorized,

    /// <summary>The name, port or address is taken by something that is not ours.</summary>
    Conflict,

    /// <summary>What was waited for did not come within its limit.</summary>
    Timeout,
}

/// <summary>
/// A failed provider call. Providers are not transactional: <see cref="Remainder"/> must say what was left behind, for it decides
/// what the journal records and what the next run looks for.
/// </summary>
public sealed class ProviderException : Exception
{
    public ProviderException(ProviderFailure failure, string message, string? remedy, Remainder remainder, Exception? cause = null)
        : base(message, cause) => (Failure, Remedy, Remainder) = (failure, remedy, remainder);

    public ProviderFailure Failure { get; }

    /// <summary>What the user can do about it.</summary>
    public string? Remedy { get; }

    public Remainder Remainder { get; }
}

/// <summary>What a failed call left behind.</summary>
public abstract record Remainder
{
    private Remainder()
    {
    }

    /// <summary>Nothing was changed.</summary>
    public sealed record Untouched : Remainder
    {
        public static readonly Untouched Value = new();
    }

    /// <summary>The object exists, not complete: recorded with these outputs, and tried again by the next run.</summary>
    public sealed record Partial(string Id, PropertyMap Outputs, ImmutableArray<string> Reasons) : Remainder;

    /// <summary>The provider cannot tell; the operation stays pending, and the next run looks for the object by its stamp.</summary>
    public sealed record Unknown : Remainder
    {
        public static readonly Unknown Value = new();
    }
}
