using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>One kind of libvirt object. The same promises as <see cref="IResourceProvider"/>, with the connection handed in.</summary>
internal interface ILibvirtResource
{
    /// <summary>The type token, <c>libvirt:index/domain:Domain</c>.</summary>
    string Type { get; }

    /// <summary>How heavy a step is; <paramref name="operation"/> is create, read, update or delete.</summary>
    LibvirtCost CostOf(string operation);

    /// <summary>Connects to nothing; what the endpoint's driver lacks is said here, before anything is done.</summary>
    CheckResponse Check(LibvirtEndpoint endpoint, CheckRequest request);

    DiffResponse Diff(DiffRequest request);

    Task<CreateResponse> CreateAsync(LibvirtConnection libvirt, CreateRequest request, CancellationToken cancellationToken);

    Task<IReadOnlyList<ReadResponse>> ReadAsync(LibvirtConnection libvirt, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken);

    Task<FindResponse?> FindAsync(LibvirtConnection libvirt, FindRequest request, CancellationToken cancellationToken);

    Task<UpdateResponse> UpdateAsync(LibvirtConnection libvirt, UpdateRequest request, CancellationToken cancellationToken);

    Task DeleteAsync(LibvirtConnection libvirt, DeleteRequest request, CancellationToken cancellationToken);
}
