using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Docker;
using Xunit;

namespace Provision.IntegrationTests.Docker;

/// <summary>One object as an engine would track it.</summary>
internal sealed record Tracked(Urn Urn, string Id, PropertyMap Inputs, PropertyMap Outputs);

/// <summary>Drives the provider against a lab the way the engine does, and removes what is left at the end.</summary>
internal sealed class DockerWorld : IAsyncDisposable
{
    public const string Container = "docker:index/container:Container";
    public const string Network = "docker:index/network:Network";
    public const string Volume = "docker:index/volume:Volume";

    private readonly List<Tracked> _made = [];

    private DockerWorld(IResourceProvider provider) => Provider = provider;

    public IResourceProvider Provider { get; }

    public Progress Steps { get; } = new();

    public static async Task<DockerWorld> OpenAsync(DockerLab lab)
    {
        await lab.ReadyAsync();
        return Open(lab.Endpoint);
    }

    public static DockerWorld Open(string endpoint) =>
        new(new DockerProviderFactory(TimeProvider.System).Open(PropertyMap.Of(("host", endpoint))));

    public static Urn UrnOf(string type, string name) => Urn.Create("lab", "tests", null, new ResourceType(type), name);

    /// <summary>Inputs with our stamp, as the lowering writes it.</summary>
    public static PropertyMap Stamped(string type, string name, PropertyMap inputs) =>
        inputs.With("labels", PropertyValue.ListOf(new (string, string)[] { ("provision.project", "tests"), ("provision.stack", "lab"), ("provision.urn", UrnOf(type, name).ToString()) }
            .Select(label => (PropertyValue)PropertyMap.Of(("label", label.Item1), ("value", label.Item2)))));

    public PropertyMap Check(string type, string name, PropertyMap inputs)
    {
        var response = Provider.Check(new CheckRequest(UrnOf(type, name), PropertyMap.Empty, inputs));
        Assert.Empty(response.Failures);
        return response.Inputs;
    }

    public async Task<Tracked> CreateAsync(string type, string name, PropertyMap inputs)
    {
        var checkedInputs = Check(type, name, inputs);
        var made = await Provider.CreateAsync(new CreateRequest(UrnOf(type, name), checkedInputs, null, Steps), TestContext.Current.CancellationToken);
        return Track(new Tracked(UrnOf(type, name), made.Id, checkedInputs, made.Outputs));
    }

    public Task<Tracked> RunAsync(string name, params Property[] inputs) =>
        CreateAsync(Container, name, Stamped(Container, name, Inputs(name, inputs)));

    public static PropertyMap Inputs(string name, params Property[] inputs) =>
        PropertyMap.Of(("name", name), ("image", DockerLab.TinyImage), ("destroyGraceSeconds", 5)).Merge(PropertyMap.Of(inputs));

    public Tracked Track(Tracked tracked)
    {
        _made.Add(tracked);
        return tracked;
    }

    public async Task<ReadResponse> LookAsync(Tracked tracked) =>
        (await Provider.ReadAsync([new ReadRequest(tracked.Urn, tracked.Id, tracked.Inputs, tracked.Outputs)], TestContext.Current.CancellationToken))[0];

    /// <summary>The object as it is now; it must exist.</summary>
    public async Task<Tracked> ReadAsync(Tracked tracked) => tracked with { Outputs = Assert.IsType<ReadResponse.Found>(await LookAsync(tracked)).Outputs };

    /// <summary>What the next run would plan, after a look at reality.</summary>
    public async Task<DiffResponse> PlanAsync(Tracked tracked, PropertyMap? inputs = null)
    {
        var seen = await ReadAsync(tracked);
        return Provider.Diff(new DiffRequest(seen.Urn, seen.Id, seen.Inputs, seen.Outputs, inputs ?? seen.Inputs));
    }

    public async Task<Tracked> UpdateAsync(Tracked tracked, PropertyMap? inputs = null)
    {
        var seen = await ReadAsync(tracked);
        var wanted = inputs ?? seen.Inputs;
        var diff = Provider.Diff(new DiffRequest(seen.Urn, seen.Id, seen.Inputs, seen.Outputs, wanted));
        Assert.False(diff.Replaces, $"would replace: {string.Join(", ", diff.Changes.Select(change => change.Path))}");
        var made = await Provider.UpdateAsync(new UpdateRequest(seen.Urn, seen.Id, seen.Inputs, seen.Outputs, wanted, diff, null, Steps), TestContext.Current.CancellationToken);
        return Track(seen with { Inputs = wanted, Outputs = made.Outputs });
    }

    public Task DeleteAsync(Tracked tracked) =>
        Provider.DeleteAsync(new DeleteRequest(tracked.Urn, tracked.Id, tracked.Inputs, tracked.Outputs, null, Steps), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var tracked in _made.AsEnumerable().Reverse().DistinctBy(tracked => tracked.Id))
        {
            await Provider.DeleteAsync(new DeleteRequest(tracked.Urn, tracked.Id, tracked.Inputs.With("destroyGraceSeconds", 0), tracked.Outputs, null, Steps), CancellationToken.None);
        }

        await Provider.DisposeAsync();
    }

    internal sealed class Progress : IStepProgress
    {
        private readonly List<string> _texts = [];

        public string All
        {
            get
            {
                lock (_texts)
                {
                    return string.Join('\n', _texts);
                }
            }
        }

        public void Report(string text, long? done = null, long? total = null)
        {
            lock (_texts)
            {
                _texts.Add(text);
            }
        }
    }
}
