using Provision.Engine.Contract;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>Translates what a call into libvirt threw, once, at the connection. XML never enters a message: it may hold secrets.</summary>
internal static class LibvirtErrors
{
    private const int PermissionDenied = 13;
    private const int NoSuchFile = 2;
    private const int ConnectionRefused = 111;

    /// <summary>Whether the exception speaks of libvirt or the way to it, and not of us being broken.</summary>
    public static bool IsOurs(Exception exception) => exception is LibvirtException or DllNotFoundException or EntryPointNotFoundException or TimeoutException;

    /// <param name="doing">Follows "cannot": "start the domain 'box-1'".</param>
    /// <param name="changes">Whether the call may have changed something before it failed.</param>
    public static ProviderException Translate(Exception exception, LibvirtEndpoint endpoint, string doing, bool changes) => exception switch
    {
        LibvirtException { IsOfTheWay: true } lost => FromTheWay(lost, endpoint, doing, changes),
        LibvirtException said => FromAnswer(said, endpoint, doing),
        DllNotFoundException => new ProviderException(
            ProviderFailure.Unreachable, $"Cannot {doing}: libvirt's client library (libvirt.so.0) is not on this machine.",
            "Install it: 'apt install libvirt0' on Debian and Ubuntu, 'dnf install libvirt-libs' on Fedora and its kin.", Remainder.Untouched.Value, exception),
        EntryPointNotFoundException => new ProviderException(
            ProviderFailure.Refused, $"Cannot {doing}: this machine's libvirt is too old: {exception.Message}", "Install libvirt 6.0 or newer.", Remainder.Untouched.Value, exception),
        _ => new ProviderException(
            ProviderFailure.Unreachable, $"Cannot {doing}: libvirt at {endpoint.Name} does not answer.",
            "See that the host is up, that libvirtd runs on it, and that no firewall stands between.", Left(changes), exception),
    };

    /// <summary>libvirt's typed word that the object does not exist.</summary>
    public static bool IsNotFound(this ProviderException exception) => exception.Said()?.IsNotFound ?? false;

    public static bool Is(this ProviderException exception, LibvirtErrorCode code) => exception.Said()?.Code == code;

    /// <summary>The guest's agent is not there (yet).</summary>
    public static bool IsAgentSilent(this ProviderException exception) => exception.Said()?.IsAgentSilent ?? false;

    /// <summary>The driver cannot do this at all.</summary>
    public static bool IsUnsupported(this ProviderException exception) => exception.Said()?.IsUnsupported ?? false;

    /// <summary>Not in the state that the call needs, such as not running.</summary>
    public static bool IsInvalidNow(this ProviderException exception) => exception.Is(LibvirtErrorCode.OperationInvalid);

    /// <summary>What libvirt said; null where it did not come to that.</summary>
    public static LibvirtException? Said(this ProviderException exception) => exception.InnerException as LibvirtException;

    /// <summary>The same failure with another remainder: only the caller knows what it had done before.</summary>
    public static ProviderException Leaving(this ProviderException exception, Remainder remainder) =>
        new(exception.Failure, exception.Message, exception.Remedy, remainder, exception.InnerException);

    private static ProviderException FromAnswer(LibvirtException said, LibvirtEndpoint endpoint, string doing)
    {
        var (failure, remedy) = said.Code switch
        {
            LibvirtErrorCode.AuthenticationFailed or LibvirtErrorCode.AuthenticationCancelled or LibvirtErrorCode.AuthenticationUnavailable
                or LibvirtErrorCode.AccessDenied or LibvirtErrorCode.OperationDenied =>
                (ProviderFailure.Unauthorized, "Add yourself to the 'libvirt' group and log in again, use sudo, or put the credentials into libvirt's auth.conf."),
            LibvirtErrorCode.DomainExists or LibvirtErrorCode.NetworkExists or LibvirtErrorCode.StorageVolumeExists => (ProviderFailure.Conflict, null),
            LibvirtErrorCode.OperationFailed or LibvirtErrorCode.OperationInvalid when said.Message.Contains("already exists", StringComparison.Ordinal) =>
                (ProviderFailure.Conflict, null),
            LibvirtErrorCode.OperationTimeout => (ProviderFailure.Timeout, (string?)"Something else is working on it: wait until that has ended, and try again."),
            LibvirtErrorCode.AgentUnresponsive or LibvirtErrorCode.AgentUnsynced =>
                (ProviderFailure.Timeout, "See that qemu-guest-agent runs in the guest."),
            LibvirtErrorCode.ResourceBusy => (ProviderFailure.Refused, "Somebody uses it: let that end, and try again."),
            LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ArgumentUnsupported =>
                (ProviderFailure.Refused, $"The {endpoint.Driver.Name} driver of that libvirt cannot do this; leave it out."),
            LibvirtErrorCode.ConfigUnsupported => (ProviderFailure.Refused, "The emulator or libvirt of that host lacks it; leave it out, or use a newer one."),
            _ => (ProviderFailure.Refused, null),
        };
        return new ProviderException(failure, $"Cannot {doing}: libvirt says: {said.Message}", remedy, Remainder.Untouched.Value, said);
    }

    private static ProviderException FromTheWay(LibvirtException lost, LibvirtEndpoint endpoint, string doing, bool changes)
    {
        // A connection that never came about changed nothing; one that broke leaves it open what the daemon still did.
        var (failure, why, remedy) = lost.SystemError switch
        {
            PermissionDenied => (
                ProviderFailure.Unauthorized, $"no permission to use libvirt at {endpoint.Name}", "Add yourself to the 'libvirt' group and log in again, or use sudo."),
            NoSuchFile or ConnectionRefused => (
                ProviderFailure.Unreachable, $"there is no libvirtd at {endpoint.Name}: {lost.Message}",
                "Start it on that host ('systemctl start libvirtd'), or install it ('provision doctor' says how)."),
            _ => (
                ProviderFailure.Unreachable, $"the connection to libvirt at {endpoint.Name} failed: {lost.Message}",
                "See that libvirtd runs on that host and can be reached from here."),
        };
        return new ProviderException(failure, $"Cannot {doing}: {why}.", remedy, Left(changes), lost);
    }

    private static Remainder Left(bool changes) => changes ? Remainder.Unknown.Value : Remainder.Untouched.Value;
}
