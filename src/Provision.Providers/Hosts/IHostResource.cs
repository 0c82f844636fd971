using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>One kind of resource of the host package; the methods are those of <see cref="IResourceProvider"/>.</summary>
internal interface IHostResource
{
    /// <summary>The class of cost of what changes the host, with how many may run at once on it.</summary>
    (string Name, int Limit) Cost { get; }

    CheckResponse Check(CheckRequest request);

    DiffResponse Diff(DiffRequest request);

    Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken);

    Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken);

    Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken);

    Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken);

    Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken);

    /// <summary>Whether a create would find all done, so that it needs no rights.</summary>
    Task<bool> IsSatisfiedAsync(PropertyMap inputs, CancellationToken cancellationToken);
}
