namespace Provision.Providers.Libvirt.Binding;

/// <summary>A failed libvirt call, as libvirt tells it. Leaves the binding only as the cause of a <c>ProviderException</c> (<see cref="LibvirtErrors"/>).</summary>
internal sealed class LibvirtException(LibvirtErrorCode code, int part, string message, int systemError = 0) : Exception(message)
{
    private const int FromRpc = 7;
    private const int FromRemote = 13;

    public LibvirtErrorCode Code { get; } = code;

    /// <summary>Which part of libvirt says so (virErrorDomain).</summary>
    public int Part { get; } = part;

    /// <summary>errno, where the operating system refused; else 0.</summary>
    public int SystemError { get; } = systemError;

    /// <summary>The daemon itself refused nothing: the way to it failed.</summary>
    public bool IsOfTheWay =>
        Code is LibvirtErrorCode.UnknownHost or LibvirtErrorCode.NoConnect or LibvirtErrorCode.InvalidConnection or LibvirtErrorCode.Ssh or LibvirtErrorCode.Tls
        || (Part is FromRpc or FromRemote && Code is LibvirtErrorCode.Rpc or LibvirtErrorCode.SystemError or LibvirtErrorCode.InternalError);

    public bool IsNotFound =>
        Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.NoNetwork or LibvirtErrorCode.NoStoragePool or LibvirtErrorCode.NoStorageVolume
            or LibvirtErrorCode.NoDomainSnapshot;

    /// <summary>The guest's agent is not there (yet).</summary>
    public bool IsAgentSilent => Code is LibvirtErrorCode.AgentUnresponsive or LibvirtErrorCode.AgentUnsynced;

    /// <summary>libvirt could not read the host's neighbours: 9.0 takes the end of what a newer kernel tells for a broken message.</summary>
    public bool IsOfNeighbours => Code is LibvirtErrorCode.InternalError && Message.EndsWith("wrong nlmsg len", StringComparison.Ordinal);

    /// <summary>The driver cannot do this, whatever the object.</summary>
    public bool IsUnsupported =>
        Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.ArgumentUnsupported or LibvirtErrorCode.OperationUnsupported;
}
