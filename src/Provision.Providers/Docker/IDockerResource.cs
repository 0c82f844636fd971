using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>One kind of Docker object. The same promises as <see cref="IResourceProvider"/>, with the connection handed in.</summary>
internal interface IDockerResource
{
    /// <summary>The type token, <c>docker:index/container:Container</c>.</summary>
    string Type { get; }

    /// <summary>How heavy a step is; <paramref name="operation"/> is create, read, update or delete.</summary>
    DockerCost CostOf(string operation);

    CheckResponse Check(CheckRequest request);

    DiffResponse Diff(DiffRequest request);

    Task<CreateResponse> CreateAsync(DockerConnection docker, CreateRequest request, CancellationToken cancellationToken);

    Task<IReadOnlyList<ReadResponse>> ReadAsync(DockerConnection docker, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken);

    Task<FindResponse?> FindAsync(DockerConnection docker, FindRequest request, CancellationToken cancellationToken);

    Task<UpdateResponse> UpdateAsync(DockerConnection docker, UpdateRequest request, CancellationToken cancellationToken);

    Task DeleteAsync(DockerConnection docker, DeleteRequest request, CancellationToken cancellationToken);
}
