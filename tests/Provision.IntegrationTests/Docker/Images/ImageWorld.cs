using System.Collections.Immutable;
using Docker.DotNet;
using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Docker;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.IntegrationTests.Docker.Images;

/// <summary>What a test of images needs: a folder to build from, a provider at the lab's daemon, and what was said by it.</summary>
internal sealed class ImageWorld : IAsyncDisposable
{
    private readonly DockerLab _lab;
    private readonly Dictionary<string, string> _environment = new() { ["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin" };
    private IResourceProvider? _provider;

    private ImageWorld(DockerLab lab)
    {
        _lab = lab;
        Client = lab.Client();
        _environment["HOME"] = Folder;
    }

    public static async Task<ImageWorld> OpenAsync(DockerLab lab)
    {
        await lab.ReadyAsync();
        return new ImageWorld(lab);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("provision-test-").FullName;

    public DockerClient Client { get; }

    public Said Said { get; } = new();

    public IResourceProvider Provider => _provider ??= Open(PropertyMap.Empty);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string PathOf(string relative) => Path.Combine(Folder, relative);

    public ImageWorld File(string relative, string content, UnixFileMode? mode = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative)) ?? Folder);
        System.IO.File.WriteAllText(PathOf(relative), content);
        if (mode is { } bits && !OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(PathOf(relative), bits);
        }

        return this;
    }

    public ImageWorld Variable(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    /// <summary>A provider with more configuration than the daemon's address.</summary>
    public IResourceProvider Open(PropertyMap more) =>
        new DockerProviderFactory(TimeProvider.System, new LocalMachine(Folder, _environment.ToImmutableDictionary())).Open(PropertyMap.Of(("host", _lab.Endpoint)).Merge(more));

    public static Urn UrnOf(string type, string name) => Urn.Create("lab", "tests", null, new ResourceType(type), name);

    /// <summary>Checked inputs.</summary>
    public PropertyMap Check(Urn urn, PropertyMap inputs)
    {
        var response = Provider.Check(new CheckRequest(urn, PropertyMap.Empty, inputs));
        Assert.Empty(response.Failures);
        return response.Inputs;
    }

    public Task<CreateResponse> CreateAsync(Urn urn, PropertyMap inputs, IResourceProvider? provider = null) =>
        (provider ?? Provider).CreateAsync(new CreateRequest(urn, Check(urn, inputs), null, Said), Token);

    public DiffResponse Diff(Urn urn, CreateResponse made, PropertyMap oldInputs, PropertyMap newInputs) =>
        Provider.Diff(new DiffRequest(urn, made.Id, Check(urn, oldInputs), made.Outputs, Check(urn, newInputs)));

    public async Task<ReadResponse> ReadAsync(Urn urn, CreateResponse made, PropertyMap inputs) =>
        (await Provider.ReadAsync([new ReadRequest(urn, made.Id, inputs, made.Outputs)], Token))[0];

    public Task DeleteAsync(Urn urn, CreateResponse made, PropertyMap inputs) =>
        Provider.DeleteAsync(new DeleteRequest(urn, made.Id, inputs, made.Outputs, null, Said), Token);

    public async Task<ImageInspectResponse?> InspectAsync(string name)
    {
        try
        {
            return await Client.Images.InspectImageAsync(name, Token);
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    public async Task RemoveAsync(string name)
    {
        if (await InspectAsync(name) is not null)
        {
            await Client.Images.DeleteImageAsync(name, new ImageDeleteParameters { Force = true }, Token);
        }
    }

    public async Task<IReadOnlyList<ImagesListResponse>> StampedAsync(Urn urn) =>
        [.. (await Client.Images.ListImagesAsync(new ImagesListParameters(), Token)).Where(image => image.Labels?.Contains(KeyValuePair.Create("provision.urn", urn.ToString())) == true)];

    public static string Text(PropertyMap outputs, string name) => ((PropertyValue.String)outputs[name]).Value;

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        Client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
