using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;

namespace Provision.IntegrationTests.Hosts;

/// <summary>The real provider of this machine and a folder of the test's own.</summary>
internal sealed class HostWorld(ResourceType type) : IStepProgress, IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-host-");
    private readonly List<string> _texts = [];

    public IResourceProvider Provider { get; } = new HostProviderFactory(TimeProvider.System).Open(PropertyMap.Empty);

    public Urn Urn { get; init; } = Urn.Create("test", "provision", null, type, "it");

    public string Folder => _folder.FullName;

    public IReadOnlyList<string> Texts => _texts;

    public void Report(string text, long? done = null, long? total = null)
    {
        lock (_texts)
        {
            _texts.Add(text);
        }
    }

    public Task<CreateResponse> CreateAsync(PropertyMap inputs, CancellationToken cancellationToken) =>
        Provider.CreateAsync(new CreateRequest(Urn, inputs, null, this), cancellationToken);

    public async Task<ReadResponse> ReadAsync(string id, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken) =>
        (await Provider.ReadAsync([new ReadRequest(Urn, id, inputs, outputs)], cancellationToken))[0];

    public DiffResponse Diff(string id, PropertyMap old, PropertyMap outputs, PropertyMap wanted) =>
        Provider.Diff(new DiffRequest(Urn, id, old, outputs, wanted));

    public async Task<PropertyMap> UpdateAsync(string id, PropertyMap old, PropertyMap outputs, PropertyMap wanted, CancellationToken cancellationToken) =>
        (await Provider.UpdateAsync(new UpdateRequest(Urn, id, old, outputs, wanted, Diff(id, old, outputs, wanted), null, this), cancellationToken)).Outputs;

    public Task DeleteAsync(string id, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        Provider.DeleteAsync(new DeleteRequest(Urn, id, inputs, outputs, timeout, this), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
