using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Tls;

/// <summary>The <c>tls</c> package, as far as a stack needs it: key pairs. It touches nothing but the state.</summary>
internal sealed class TlsProvider : IResourceProvider
{
    public CheckResponse Check(CheckRequest request) =>
        IsKnown(request.Urn.Type)
            ? PrivateKeyResource.Check(request)
            : new CheckResponse(request.NewInputs, [new CheckFailure(PropertyPath.Root, Unknown(request.Urn.Type), $"It has {PrivateKeyResource.Type}.")]);

    public DiffResponse Diff(DiffRequest request) => PrivateKeyResource.Diff(request);

    public string StandIn(ResourceType type, PropertyPath output, string name) => output.Top == "publicKeyOpenssh" ? $"ssh-ed25519 AAAA {name}" : name;

    /// <summary>Making an RSA key takes a processor for a while; no endpoint is asked.</summary>
    public WorkSlot SlotOf(ResourceType type, string operation) => new("this process", "key", Environment.ProcessorCount);

    public Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        Refuse(request.Urn.Type);
        request.Progress.Report("making a key pair");
        return Task.Run(() => PrivateKeyResource.Create(request.Inputs), cancellationToken);
    }

    /// <summary>A key is what the state says it is. It cannot be imported: nobody but the state has it.</summary>
    public Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReadResponse>>(
            [.. requests.Select(request => request.Inputs.Count > 0 ? new ReadResponse.Found(request.Id, request.Outputs) : (ReadResponse)ReadResponse.Gone.Value)]);

    /// <summary>An interrupted create left nothing: what was not recorded is forgotten.</summary>
    public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) => Task.FromResult<FindResponse?>(null);

    /// <summary>No input changes a key, so an update only records.</summary>
    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) => Task.FromResult(new UpdateResponse(request.OldOutputs));

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) =>
        throw new ProviderException(
            ProviderFailure.Refused, $"The tls package has no function '{request.Token}'.", "Declare a resource for it instead.", Remainder.Untouched.Value);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Refuse(ResourceType type)
    {
        if (!IsKnown(type))
        {
            throw new ProviderException(ProviderFailure.Refused, Unknown(type), $"It has {PrivateKeyResource.Type}.", Remainder.Untouched.Value);
        }
    }

    private static bool IsKnown(ResourceType type) => type.Token == PrivateKeyResource.Type;

    private static string Unknown(ResourceType type) => $"The tls package has no resource '{type}'.";
}
