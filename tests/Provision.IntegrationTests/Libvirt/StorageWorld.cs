using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Libvirt;
using Xunit;

namespace Provision.IntegrationTests.Libvirt;

/// <summary>One object as an engine would track it.</summary>
internal sealed record Kept(Urn Urn, string Id, PropertyMap Inputs, PropertyMap Outputs);

/// <summary>Drives the libvirt provider against a lab the way the engine does, and removes what is left at the end.</summary>
internal sealed class StorageWorld : IAsyncDisposable
{
    public const string Pool = "libvirt:index/pool:Pool";
    public const string Volume = "libvirt:index/volume:Volume";
    public const string Network = "libvirt:index/network:Network";

    private readonly List<Kept> _made = [];

    private StorageWorld(LibvirtLab lab, IResourceProvider provider) => (Lab, Provider) = (lab, provider);

    public LibvirtLab Lab { get; }

    public IResourceProvider Provider { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<StorageWorld> OpenAsync(LibvirtLab lab)
    {
        await lab.ReadyAsync();
        var virtualization = new HostVirtualization(false, "tests emulate");
        return new StorageWorld(lab, new LibvirtProviderFactory(TimeProvider.System, virtualization).Open(PropertyMap.Of(("uri", lab.Uri))));
    }

    public async Task<Kept> PoolAsync(string name)
    {
        return await CreateAsync(Pool, name, PropertyMap.Of(("name", name), ("type", "dir"), ("target", PropertyMap.Of(("path", Path.Combine(Lab.Folder, "pools", name))))));
    }

    public async Task<Kept> CreateAsync(string type, string name, PropertyMap inputs)
    {
        var urn = UrnOf(type, name);
        var check = Provider.Check(new CheckRequest(urn, PropertyMap.Empty, inputs));
        Assert.Empty(check.Failures);
        var made = await Provider.CreateAsync(new CreateRequest(urn, check.Inputs, null, new Silent()), Token);
        var kept = new Kept(urn, made.Id, check.Inputs, made.Outputs);
        _made.Add(kept);
        return kept;
    }

    public Task<FindResponse?> FindAsync(string type, string name, PropertyMap inputs) => Provider.FindAsync(new FindRequest(UrnOf(type, name), inputs), Token);

    /// <summary>What reality says now; null where it is gone.</summary>
    public async Task<Kept?> ReadAsync(Kept kept) =>
        Assert.Single(await Provider.ReadAsync([new ReadRequest(kept.Urn, kept.Id, kept.Inputs, kept.Outputs)], Token)) is ReadResponse.Found found
            ? kept with { Outputs = found.Outputs }
            : null;

    /// <summary>What a plan says now, to bring it to the inputs.</summary>
    public async Task<DiffResponse> PlanAsync(Kept kept, PropertyMap? wanted = null)
    {
        var seen = Assert.IsType<Kept>(await ReadAsync(kept));
        var check = Provider.Check(new CheckRequest(kept.Urn, kept.Inputs, wanted ?? kept.Inputs));
        Assert.Empty(check.Failures);
        return Provider.Diff(new DiffRequest(kept.Urn, kept.Id, kept.Inputs, seen.Outputs, check.Inputs));
    }

    public async Task<Kept> UpdateAsync(Kept kept, PropertyMap? wanted = null)
    {
        var diff = await PlanAsync(kept, wanted);
        Assert.False(diff.Replaces);
        var seen = Assert.IsType<Kept>(await ReadAsync(kept));
        var inputs = wanted ?? kept.Inputs;
        var updated = await Provider.UpdateAsync(new UpdateRequest(kept.Urn, kept.Id, kept.Inputs, seen.Outputs, inputs, diff, null, new Silent()), Token);
        return kept with { Inputs = inputs, Outputs = updated.Outputs };
    }

    public async Task DeleteAsync(Kept kept)
    {
        await Provider.DeleteAsync(new DeleteRequest(kept.Urn, kept.Id, kept.Inputs, kept.Outputs, null, new Silent()), Token);
        _made.RemoveAll(one => one.Urn == kept.Urn);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var kept in Enumerable.Reverse(_made))
        {
            await Provider.DeleteAsync(new DeleteRequest(kept.Urn, kept.Id, kept.Inputs, kept.Outputs, null, new Silent()), CancellationToken.None);
        }

        await Provider.DisposeAsync();
    }

    private static Urn UrnOf(string type, string name) => Urn.Create("lab", "tests", null, new ResourceType(type), name);

    private sealed class Silent : IStepProgress
    {
        public void Report(string text, long? done = null, long? total = null)
        {
        }
    }
}
