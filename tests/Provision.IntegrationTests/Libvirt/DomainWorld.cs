using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Hosts;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Hosts;
using Provision.Providers.Libvirt;
using Xunit;

namespace Provision.IntegrationTests.Libvirt;

/// <summary>The libvirt provider on the lab's libvirtd, with a pool and a network of the test's own, and a tiny guest to boot.</summary>
internal sealed class DomainWorld : IStepProgress, IAsyncDisposable
{
    private static readonly SemaphoreSlim Building = new(1, 1);
    private static (string Kernel, string Initrd, string Image)? _guest;

    private readonly List<string> _texts = [];
    private readonly List<(Urn Urn, string Id, PropertyMap Inputs, PropertyMap Outputs)> _made = [];
    private readonly string _name;
    private readonly int _subnet;

    private DomainWorld(LibvirtLab lab, string name, int subnet)
    {
        (Lab, _name, _subnet) = (lab, name, subnet);
        Provider = new LibvirtProviderFactory(TimeProvider.System, new HostVirtualization(false, "tests never start one"))
            .Open(PropertyMap.Of(("uri", lab.Uri)));
    }

    public LibvirtLab Lab { get; }

    public IResourceProvider Provider { get; }

    public string PoolFolder => Path.Combine(Lab.Folder, "pools", _name);

    public string Name => $"{_name}-box";

    public static (string Kernel, string Initrd, string Image) Guest => _guest ?? throw new InvalidOperationException("The world is not open.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_texts)
            {
                return [.. _texts];
            }
        }
    }

    public static async Task<DomainWorld> OpenAsync(LibvirtLab lab, string name, int subnet)
    {
        await lab.ReadyAsync();
        await BuildGuestAsync(lab);
        var world = new DomainWorld(lab, name, subnet);
        await world.CreateAsync("pool:Pool", "pool", PropertyMap.Of(("name", name), ("type", "dir"), ("target", PropertyMap.Of(("path", world.PoolFolder)))));
        await world.CreateAsync("network:Network", "net", PropertyMap.Of(
            ("name", name), ("mode", "nat"), ("bridge", $"{name}0"), ("addresses", PropertyValue.ListOf([$"10.97.{subnet}.0/24"])), ("dhcp", PropertyMap.Of(("enabled", true))),
            ("dnsmasqOptions", PropertyMap.Of(("options", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("optionName", "no-ping"))]))))));
        return world;
    }

    public void Report(string text, long? done = null, long? total = null)
    {
        lock (_texts)
        {
            _texts.Add(text);
        }
    }

    public static Urn UrnOf(string kind, string name) => Urn.Create("lab", "machines", null, new ResourceType($"libvirt:index/{kind}"), name);

    public Urn UrnHere(string kind, string name) => UrnOf(kind, $"{_name}-{name}");

    /// <summary>Checks and makes a resource; it goes with the world.</summary>
    public async Task<CreateResponse> CreateAsync(string kind, string name, PropertyMap inputs)
    {
        var urn = UrnHere(kind, name);
        var check = Provider.Check(new CheckRequest(urn, PropertyMap.Empty, inputs));
        Assert.Empty(check.Failures);
        try
        {
            var made = await Provider.CreateAsync(new CreateRequest(urn, check.Inputs, null, this), Token);
            _made.Add((urn, made.Id, check.Inputs, made.Outputs));
            return made;
        }
        catch (ProviderException failure) when (failure.Remainder is Remainder.Partial partial)
        {
            _made.Add((urn, partial.Id, check.Inputs, partial.Outputs));
            throw;
        }
    }

    /// <summary>A linked clone of the tiny guest's disk; a blank one without a base.</summary>
    public Task<CreateResponse> VolumeAsync(string name, bool root) =>
        CreateAsync("volume:Volume", name, PropertyMap.Of(
            ("name", $"{name}.qcow2"), ("pool", _name), ("format", "qcow2"), ("size", 256 << 20), ("baseVolumeId", root ? Guest.Image : null)));

    public PropertyMap Domain(string root, params Property[] more) =>
        PropertyMap.Of(
            ("name", Name), ("type", "qemu"), ("memory", 96), ("kernel", Guest.Kernel), ("initrd", Guest.Initrd),
            ("cmdlines", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("_", "console=ttyS0 panic=-1 mitigations=off cryptomgr.notests no_timer_check nokaslr"))])),
            ("disks", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("volumeId", root), ("__serial", "root"))])),
            ("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", _name), ("waitForLease", true))])))
        .Merge(PropertyMap.Of(more));

    public Task<CreateResponse> DomainAsync(PropertyMap inputs) => CreateAsync("domain:Domain", "box", inputs);

    public DiffResponse Diff(string id, PropertyMap before, PropertyMap outputs, PropertyMap wanted) =>
        Provider.Diff(new DiffRequest(UrnHere("domain:Domain", "box"), id, before, outputs, wanted));

    public async Task<PropertyMap> UpdateAsync(string id, PropertyMap before, PropertyMap outputs, PropertyMap wanted)
    {
        var urn = UrnHere("domain:Domain", "box");
        var made = (await Provider.UpdateAsync(new UpdateRequest(urn, id, before, outputs, wanted, Diff(id, before, outputs, wanted), null, this), Token)).Outputs;
        _made.RemoveAll(one => one.Urn == urn);
        _made.Add((urn, id, wanted, made));
        return made;
    }

    public async Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, PropertyMap outputs) =>
        (await Provider.ReadAsync([new ReadRequest(UrnHere("domain:Domain", "box"), id, inputs, outputs)], Token))[0] is ReadResponse.Found found ? found.Outputs : null;

    public async Task DeleteAsync(string id, PropertyMap inputs)
    {
        var urn = UrnHere("domain:Domain", "box");
        await Provider.DeleteAsync(new DeleteRequest(urn, id, inputs, PropertyMap.Empty, null, this), Token);
        _made.RemoveAll(one => one.Urn == urn);
    }

    public async Task<XElement> XmlAsync(bool live) => XElement.Parse(await Lab.VirshAsync(live ? ["dumpxml", Name] : ["dumpxml", "--inactive", Name]));

    public async ValueTask DisposeAsync()
    {
        foreach (var (urn, id, inputs, outputs) in Enumerable.Reverse(_made))
        {
            await Provider.DeleteAsync(new DeleteRequest(urn, id, inputs.With("__shutdownSeconds", 0), outputs, null, this), CancellationToken.None);
        }

        await Provider.DisposeAsync();
    }

    /// <summary>Built once, into the lab's folder.</summary>
    /// <summary>Makes the guest of all worlds, once, in that lab's folder.</summary>
    public static async Task BuildGuestAsync(LibvirtLab lab)
    {
        await Building.WaitAsync(Token);
        try
        {
            if (_guest is not null && File.Exists(_guest.Value.Kernel))
            {
                return;
            }

            await using var roots = new HostWorld(HostTypes.RootFileSystem);
            await using var kernels = new HostWorld(HostTypes.BootKernel);
            await using var images = new HostWorld(HostTypes.DiskImage);
            var kernel = await kernels.CreateAsync(PropertyMap.Of(("path", $"{kernels.Folder}/kernels")), Token);
            var root = await roots.CreateAsync(PropertyMap.Of(("path", $"{roots.Folder}/roots")), Token);
            var image = await images.CreateAsync(PropertyMap.Of(("folder", $"{images.Folder}/images"), ("rootFileSystem", root.Id)), Token);
            var folder = Directory.CreateDirectory(Path.Combine(lab.Folder, "guest")).FullName;
            string Copy(PropertyMap outputs, string name)
            {
                var to = Path.Combine(folder, name);
                File.Copy(((PropertyValue.String)outputs[name]).Value, to, overwrite: true);
                return to;
            }

            _guest = (Copy(kernel.Outputs, "kernel"), Copy(kernel.Outputs, "initrd"), Copy(image.Outputs, "path"));
        }
        finally
        {
            Building.Release();
        }
    }
}
