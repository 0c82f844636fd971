using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>The <c>libvirt</c> package for one hypervisor: hands every request to the kind it is about.</summary>
internal sealed class LibvirtProvider(LibvirtConnection libvirt, IReadOnlyDictionary<string, ILibvirtResource> resources) : IResourceProvider
{
    public CheckResponse Check(CheckRequest request) =>
        resources.TryGetValue(request.Urn.Type.Token, out var resource)
            ? resource.Check(libvirt.Endpoint, request)
            : new CheckResponse(request.NewInputs, [new CheckFailure(PropertyPath.Root, UnknownType(request.Urn.Type), KnownTypes())]);

    public DiffResponse Diff(DiffRequest request) => Of(request.Urn.Type).Diff(request);

    public WorkSlot SlotOf(ResourceType type, string operation) =>
        (resources.TryGetValue(type.Token, out var resource) ? resource.CostOf(operation) : LibvirtCost.ApiCall).At(libvirt.Endpoint);

    public Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).CreateAsync(libvirt, request, cancellationToken);

    /// <summary>Each kind reads its own in one batch; the answers go back to where the requests stood.</summary>
    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var answers = new ReadResponse[requests.Count];
        await Task.WhenAll(requests.Index().GroupBy(request => request.Item.Urn.Type.Token).Select(async group =>
        {
            var asked = group.ToArray();
            var seen = await Of(new ResourceType(group.Key)).ReadAsync(libvirt, [.. asked.Select(one => one.Item)], cancellationToken);
            for (var i = 0; i < asked.Length; i++)
            {
                answers[asked[i].Index] = seen[i];
            }
        }));
        return answers;
    }

    public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).FindAsync(libvirt, request, cancellationToken);

    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).UpdateAsync(libvirt, request, cancellationToken);

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken) =>
        Of(request.Urn.Type).DeleteAsync(libvirt, request, cancellationToken);

    public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) =>
        throw new ProviderException(
            ProviderFailure.Refused, $"The libvirt package has no function '{request.Token}'.", "Declare a resource for it instead.", Remainder.Untouched.Value);

    public ValueTask DisposeAsync() => libvirt.DisposeAsync();

    private ILibvirtResource Of(ResourceType type) =>
        resources.TryGetValue(type.Token, out var resource)
            ? resource
            : throw new ProviderException(ProviderFailure.Refused, UnknownType(type), KnownTypes(), Remainder.Untouched.Value);

    private static string UnknownType(ResourceType type) => $"The libvirt package has no resource '{type}'.";

    private string KnownTypes() => $"It has {string.Join(", ", resources.Keys.Order(StringComparer.Ordinal))}.";
}
