using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Benchmarks;

/// <summary>Handles <c>bench:index:Thing</c> with next to no work of its own, so that what is measured is the engine.</summary>
internal sealed class BenchProvider(TimeSpan delay, int width) : IResourceProvider
{
    public static readonly ResourceType Thing = new("bench:index:Thing");

    private int _lastId;

    public CheckResponse Check(CheckRequest request) => new(request.NewInputs, []);

    public DiffResponse Diff(DiffRequest request) => request.NewInputs.Equals(request.OldInputs)
        ? DiffResponse.Same
        : new DiffResponse
        {
            Changes = [.. request.NewInputs.Keys.Union(request.OldInputs.Keys)
                .Where(key => !Equals(request.NewInputs.Find(key), request.OldInputs.Find(key)))
                .Select(key => new PropertyDiff(PropertyPath.Of(key), DiffKind.Update, key == "name" ? ApplyClass.Replace : ApplyClass.Live, request.OldInputs.Find(key), request.NewInputs.Find(key)))],
        };

    public WorkSlot SlotOf(ResourceType type, string operation) => new("bench", operation, width);

    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        await WorkAsync(cancellationToken);
        var id = $"thing-{Interlocked.Increment(ref _lastId)}";
        return new CreateResponse(id, request.Inputs.With("id", id));
    }

    public Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReadResponse>>([.. requests.Select(request => new ReadResponse.Found(request.Id, request.Outputs))]);

    public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) => Task.FromResult<FindResponse?>(null);

    public async Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        await WorkAsync(cancellationToken);
        return new UpdateResponse(request.OldOutputs.Merge(request.NewInputs));
    }

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken) => WorkAsync(cancellationToken);

    public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) => Task.FromResult(request.Arguments);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task WorkAsync(CancellationToken cancellationToken) => delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, cancellationToken);
}

internal sealed class BenchProviderFactory(TimeSpan delay, int width) : IProviderFactory
{
    public BenchProviderFactory()
        : this(TimeSpan.Zero, int.MaxValue)
    {
    }

    public string Package => "bench";

    public CheckResponse CheckConfig(PropertyMap inputs) => new(inputs, []);

    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) => false;

    public IResourceProvider Open(PropertyMap inputs) => new BenchProvider(delay, width);
}
