using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Tests.Testing;

/// <summary>
/// Handles <c>fake:index:Thing</c>. Inputs: <c>size</c> is changed live, <c>shape</c> by a restart, <c>kind</c> and <c>on</c> by replacement
/// (create first), <c>name</c> by replacement too, deleting first because two cannot hold one name. Outputs: the inputs, an
/// <c>address</c> that stays, and a <c>serial</c> that changes with every update.
/// </summary>
internal sealed class FakeProvider(FakeWorld world, string endpoint) : IResourceProvider
{
    public static readonly ResourceType Thing = new("fake:index:Thing");

    public CheckResponse Check(CheckRequest request) => new(
        request.NewInputs.ContainsKey("size") ? request.NewInputs : request.NewInputs.With("size", 1),
        request.NewInputs.Find("size") is PropertyValue.String text
            ? [new CheckFailure(PropertyPath.Of("size"), $"'{text.Value}' is not a number.", "Give a number.")]
            : [])
    {
        Remark = request.NewInputs.Find("kind") is PropertyValue.String { Value: "slow" } ? "it will be slow" : null,
    };

    public DiffResponse Diff(DiffRequest request)
    {
        var changes = ImmutableArray.CreateBuilder<PropertyDiff>();
        foreach (var key in request.NewInputs.Keys.Union(request.OldInputs.Keys))
        {
            var before = request.OldOutputs.Find(key);
            var after = request.NewInputs.Find(key);
            if (!Equals(before, after))
            {
                changes.Add(new PropertyDiff(
                    PropertyPath.Of(key),
                    before is null ? DiffKind.Add : after is null ? DiffKind.Delete : DiffKind.Update,
                    key switch { "size" => ApplyClass.Live, "shape" => ApplyClass.Restart, _ => ApplyClass.Replace },
                    before,
                    after));
            }
        }

        return new DiffResponse
        {
            Changes = changes.ToImmutable(),
            DeleteBeforeReplace = request.NewInputs.ContainsKey("name"),
            Stables = ["address"],
            Remark = changes.Any(change => change.Path.Top == "kind") ? "what is on it is lost" : null,
        };
    }

    public WorkSlot SlotOf(ResourceType type, string operation) => new(endpoint, operation, world.Limit);

    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var name = request.Urn.Name;
        await BeforeAsync("create", request.Urn, cancellationToken);
        if (request.Inputs.Find("name") is { } taken && world.Things.Values.FirstOrDefault(thing => taken.Equals(thing.Outputs.Find("name"))) is { } holder)
        {
            throw new ProviderException(ProviderFailure.Conflict, $"The name '{taken}' is held by {holder.Urn.Name}.", null, Remainder.Untouched.Value);
        }

        var id = world.NextId();
        var outputs = request.Inputs.With("address", $"10.0.0.{name}").With("serial", id);
        world.Things[id] = new FakeThing(request.Urn, outputs);
        world.Acted($"create {name}");
        request.Progress.Report($"made {name}", 1, 1);
        world.Acting("create", request.Urn);
        return new CreateResponse(id, outputs);
    }

    public Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        world.CountRead();
        foreach (var request in requests)
        {
            if (world.Failing("read", request.Urn.Name) is { } failure)
            {
                throw failure;
            }
        }

        return Task.FromResult<IReadOnlyList<ReadResponse>>([.. requests.Select(request =>
            world.Things.TryGetValue(request.Id, out var thing)
                ? new ReadResponse.Found(request.Id, thing.Outputs, request.Inputs.Count == 0 ? thing.Outputs.Without("address").Without("serial") : null)
                : (ReadResponse)ReadResponse.Gone.Value)]);
    }

    public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        if (world.Failing("read", request.Urn.Name) is { } failure)
        {
            throw failure;
        }

        var found = world.Things.Where(thing => thing.Value.Urn == request.Urn && thing.Key != request.KnownId)
            .Select(thing => new FindResponse(thing.Key, thing.Value.Outputs, thing.Value.Complete))
            .FirstOrDefault();
        return Task.FromResult(found);
    }

    public async Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        await BeforeAsync("update", request.Urn, cancellationToken);
        var outputs = request.OldOutputs.Merge(request.NewInputs).With("serial", world.NextId());
        world.Things[request.Id] = new FakeThing(request.Urn, outputs);
        world.Acted($"update {request.Urn.Name}");
        world.Acting("update", request.Urn);
        return new UpdateResponse(outputs);
    }

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        await BeforeAsync("delete", request.Urn, cancellationToken);
        if (world.Things.Values.FirstOrDefault(thing => thing.Outputs.Find("on") is PropertyValue.String on && on.Value == request.Id) is { } user)
        {
            throw new ProviderException(ProviderFailure.Conflict, $"{user.Urn.Name} still uses it.", null, Remainder.Untouched.Value);
        }

        world.Things.TryRemove(request.Id, out _);
        world.Acted($"delete {request.Urn.Name}");
        world.Acting("delete", request.Urn);
    }

    public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) => Task.FromResult(request.Arguments);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task BeforeAsync(string operation, Urn urn, CancellationToken cancellationToken)
    {
        await world.Holding(operation, urn.Name, cancellationToken);
        if (world.Failing(operation, urn.Name) is { } failure)
        {
            throw failure;
        }
    }
}

internal sealed class FakeProviderFactory(FakeWorld world) : IProviderFactory
{
    public string Package => "fake";

    public CheckResponse CheckConfig(PropertyMap inputs) => new(inputs, []);

    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) => !Equals(oldInputs.Find("world"), newInputs.Find("world"));

    public IResourceProvider Open(PropertyMap inputs) => new FakeProvider(world, inputs.Find("world")?.ToString() ?? "here");
}
