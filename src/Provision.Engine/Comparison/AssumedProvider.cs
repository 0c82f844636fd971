using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Comparison;

/// <summary>A package whose resources are checked and compared by its own provider, and made by nobody: whatever is asked for is assumed to be there.</summary>
internal sealed class AssumedProviderFactory(IProviderFactory inner) : IProviderFactory
{
    public string Package => inner.Package;

    public CheckResponse CheckConfig(PropertyMap inputs) => inner.CheckConfig(inputs);

    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) => inner.ConfigReplaces(oldInputs, newInputs);

    // Opening one connects to nothing, by contract.
    public IResourceProvider Open(PropertyMap inputs) => new AssumedProvider(inner.Open(inputs));
}

/// <summary>One instance of it. Check and diff are pure by contract, so nothing here reaches an endpoint.</summary>
internal sealed class AssumedProvider(IResourceProvider inner) : IResourceProvider
{
    /// <summary>What the provider remarks on is the host it runs on, which is not the one that is meant.</summary>
    public CheckResponse Check(CheckRequest request)
    {
        var response = inner.Check(request);
        if (!response.Failures.IsEmpty && StandIns.Hide(request.NewInputs) is { } hidden)
        {
            // A stand-in has not the form that was asked for: what nobody knows yet is taken as it comes.
            response = inner.Check(request with { NewInputs = hidden });
            response = response with { Inputs = StandIns.Restore(response.Inputs, request.NewInputs) };
        }

        return response with { Remark = null };
    }

    public DiffResponse Diff(DiffRequest request) => inner.Diff(request);

    public string StandIn(ResourceType type, PropertyPath output, string name) => inner.StandIn(type, output, name);

    public WorkSlot SlotOf(ResourceType type, string operation) => throw NothingIsReal();

    public Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken) => throw NothingIsReal();

    public Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken) => throw NothingIsReal();

    public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) => throw NothingIsReal();

    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) => throw NothingIsReal();

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken) => throw NothingIsReal();

    public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) => throw NothingIsReal();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static InvalidOperationException NothingIsReal() => new("In a comparison nothing is real, so nothing can be looked at or changed.");
}
