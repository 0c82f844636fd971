using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Provision.IntegrationTests.Lab;
using Xunit;

[assembly: AssemblyFixture(typeof(DockerLab))]

namespace Provision.IntegrationTests.Lab;

/// <summary>
/// A Docker daemon of the tests' own, in its own network, mount and process namespaces, with its own socket and folders. It is started by the
/// first test that asks for it, and nothing of it is left afterwards. The machine's own daemon is never touched.
/// </summary>
public sealed class DockerLab : IAsyncDisposable
{
    /// <summary>The image that every lab has.</summary>
    public const string TinyImage = $"{Lab.TinyImage.Name}:{Lab.TinyImage.Tag}";

    private const string Daemon = "dockerd";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly LabNamespaces _lab;
    private readonly bool _own;
    private string? _impossible;
    private bool _ready;

    public DockerLab()
        : this(new LabNamespaces(), own: true)
    {
    }

    private DockerLab(LabNamespaces lab, bool own) => (_lab, _own) = (lab, own);

    /// <summary>A daemon in a lab that another one holds.</summary>
    internal static DockerLab In(LabNamespaces lab) => new(lab, own: false);

    /// <summary>The network namespace's name, and the cgroup's.</summary>
    public string Namespace => _lab.Name;

    /// <summary>The daemon's URL.</summary>
    public string Endpoint => $"unix://{Path.Combine(_lab.Folder, "docker.sock")}";

    /// <summary>Starts it if it does not run; skips the test where there can be none.</summary>
    public async Task ReadyAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!_ready && _impossible is null)
            {
                _impossible = await LabPackages.EnsureAsync(cancellationToken);
                if (_impossible is null)
                {
                    await StartAsync(cancellationToken);
                    _ready = true;
                }
            }
        }
        finally
        {
            _starting.Release();
        }

        Assert.SkipWhen(_impossible is not null, _impossible ?? "");
    }

    /// <summary>A client for looking at the daemon behind the provider's back.</summary>
    public DockerClient Client() => new DockerClientBuilder().WithEndpoint(new Uri(Endpoint)).WithApiVersion(new System.Version(1, 41)).Build();

    /// <summary>Runs a program in the lab, where published ports and containers' addresses are reached.</summary>
    internal Task<LabProcess> RunInsideAsync(params string[] command) => _lab.RunInsideAsync(command);

    /// <summary>The body of a page inside the lab; tried until somebody answers, for a container's server starts after it does.</summary>
    public Task<string> HttpGetAsync(string url) => LabHttp.GetAsync(_lab, url, TimeSpan.FromSeconds(10));

    /// <summary>Stops the daemon (and keeps it stopped), as a person would.</summary>
    public async Task StopDaemonAsync()
    {
        _lab.WantNoMore(Daemon);
        await _lab.SignalAsync(Daemon, "TERM");
        await LabNamespaces.UntilAsync(async () => !await AnswersAsync(), StartLimit, () => "the daemon does not stop");
    }

    /// <summary>Kills the daemon, as a crash would; it comes up again by itself.</summary>
    public Task KillDaemonAsync() => _lab.SignalAsync(Daemon, "KILL");

    /// <summary>Lets a stopped daemon come up again.</summary>
    public async Task StartDaemonAsync()
    {
        _lab.Want(Daemon);
        await LabNamespaces.UntilAsync(AnswersAsync, StartLimit, () => _lab.Log(Daemon));
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await _lab.StartAsync(cancellationToken);
        await StartDaemonAsync();
        await LoadTinyImageAsync(cancellationToken);
    }

    private async Task LoadTinyImageAsync(CancellationToken cancellationToken)
    {
        using var client = Client();
        using var archive = Lab.TinyImage.Archive(LabPackages.Find("busybox") ?? throw new InvalidOperationException("busybox is gone."));
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = Lab.TinyImage.Name, Tag = Lab.TinyImage.Tag, Changes = Lab.TinyImage.Changes },
            archive, new AuthConfig(), new Progress<JSONMessage>(), cancellationToken);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = Client();
            await client.System.PingAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or DockerApiException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own)
        {
            await _lab.DisposeAsync();
        }

        _starting.Dispose();
    }
}
