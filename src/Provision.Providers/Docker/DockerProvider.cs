using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Docker;

/// <summary>The <c>docker</c> package for one daemon: hands every request to the kind it is about.</summary>
internal sealed class DockerProvider(DockerConnection docker, IReadOnlyDictionary<string, IDockerResource> resources) : IResourceProvider
{
    public CheckResponse Check(CheckRequest request) =>
        resources.TryGetValue(request.Urn.Type.Token, out var resource)
            ? resource.Check(request)
            : new CheckResponse(request.NewInputs, [new CheckFailure(PropertyPath.Root, UnknownType(request.Urn.Type), KnownTypes())]);

    public DiffResponse Diff(DiffRequest request) => Of(request.Urn.Type).Diff(request);

    public WorkSlot SlotOf(ResourceType type, string operation) =>
        (resources.TryGetValue(type.Token, out var resource) ? resource.CostOf(operation) : DockerCost.ApiCall).At(docker.Endpoint);

    public Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).CreateAsync(docker, request, cancellationToken);

    /// <summary>Each kind reads its own in one batch; the answers go back to where the requests stood.</summary>
    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var answers = new ReadResponse[requests.Count];
        await Task.WhenAll(requests.Index().GroupBy(request => request.Item.Urn.Type.Token).Select(async group =>
        {
            var asked = group.ToArray();
            var seen = await Of(new ResourceType(group.Key)).ReadAsync(docker, [.. asked.Select(one => one.Item)], cancellationToken);
            for (var i = 0; i < asked.Length; i++)
            {
                answers[asked[i].Index] = seen[i];
            }
        }));
        return answers;
    }

    public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).FindAsync(docker, request, cancellationToken);

    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).UpdateAsync(docker, request, cancellationToken);

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).DeleteAsync(docker, request, cancellationToken);

    public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) =>
        throw new ProviderException(
            ProviderFailure.Refused, $"The docker package has no function '{request.Token}'.", "Declare a resource for it instead.", Remainder.Untouched.Value);

    public ValueTask DisposeAsync() => docker.DisposeAsync();

    private IDockerResource Of(ResourceType type) =>
        resources.TryGetValue(type.Token, out var resource)
            ? resource
            : throw new ProviderException(ProviderFailure.Refused, UnknownType(type), KnownTypes(), Remainder.Untouched.Value);

    private static string UnknownType(ResourceType type) => $"The docker package has no resource '{type}'.";

    private string KnownTypes() => $"It has {string.Join(", ", resources.Keys.Order(StringComparer.Ordinal))}.";
}
