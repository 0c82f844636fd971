using Provision.IntegrationTests.Lab;
using Xunit;

[assembly: AssemblyFixture(typeof(LibvirtLab))]

namespace Provision.IntegrationTests.Lab;

/// <summary>
/// A libvirtd and a virtlogd of the tests' own, in their own network, mount and process namespaces, with their own sockets and folders; a Docker daemon
/// beside them for the tests that want both. Each is started by the first test that asks for it, and nothing is left afterwards: no machine, bridge,
/// dnsmasq or folder. The machine's own daemons are never touched.
/// </summary>
/// <remarks>
/// Guests are reached inside only: run programs through <see cref="RunInsideAsync"/>, or with <see cref="Enter"/> before them. There,
/// <c>qemu:///system</c> and <c>/var/lib/provision</c> are the lab's. Whoever is outside takes <see cref="Uri"/> and folders below <see cref="Folder"/>,
/// which are the same paths on both sides. Machines are of type <c>qemu</c>, never <c>kvm</c>.
/// </remarks>
public sealed class LibvirtLab : IAsyncDisposable
{
    private const string Daemon = "libvirtd";
    private const string Logger = "virtlogd";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly LabNamespaces _lab = new();
    private string? _impossible;
    private bool _ready;
    private LabGuest? _guest;

    public LibvirtLab() => Docker = DockerLab.In(_lab);

    /// <summary>A Docker daemon in the same namespaces, once its own <see cref="DockerLab.ReadyAsync"/> was called.</summary>
    public DockerLab Docker { get; }

    /// <summary>The network namespace's name.</summary>
    public string Namespace => _lab.Name;

    /// <summary>The lab's folder, with room for pools and images; gone with the lab.</summary>
    public string Folder => _lab.Folder;

    /// <summary>What is <c>/var/lib/provision</c> inside.</summary>
    public string Root => Path.Combine(_lab.Folder, "var/lib/provision");

    /// <summary>What libvirt's connections are opened with, from inside and outside.</summary>
    public string Uri => $"qemu:///system?socket={Path.Combine(_lab.Folder, "run/libvirt/libvirt-sock")}";

    /// <summary>What a program has to be run by to run inside.</summary>
    public string[] Enter => _lab.Enter;

    /// <summary>Starts it if it does not run; skips the test where there can be none.</summary>
    public async Task ReadyAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!_ready && _impossible is null)
            {
                _impossible = await LabPackages.EnsureMachinesAsync(cancellationToken);
                if (_impossible is null)
                {
                    await _lab.StartAsync(cancellationToken);
                    EmulatorCache.Fill(_lab.Folder);
                    await StartLibvirtdAsync();
                    EmulatorCache.Keep(_lab.Folder);
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

    /// <summary>Runs a program in the lab, where guests are reached.</summary>
    internal Task<LabProcess> RunInsideAsync(params string[] command) => _lab.RunInsideAsync(command);

    /// <summary>The body of a page inside the lab; tried until somebody answers, for a machine boots before its server starts.</summary>
    public Task<string> HttpGetAsync(string url) => LabHttp.GetAsync(_lab, url, TimeSpan.FromSeconds(60));

    /// <summary>What virsh prints, for a look or a change behind the provider's back; an exception with its errors where it fails.</summary>
    public async Task<string> VirshAsync(params string[] arguments) => (await TryVirshAsync(arguments)).Succeeded();

    /// <summary>virsh, where it may fail.</summary>
    internal Task<LabProcess> TryVirshAsync(params string[] arguments) =>
        LabProcess.RunAsync("virsh", ["--quiet", "--connect", Uri, .. arguments], TestContext.Current.CancellationToken);

    /// <summary>The names that one of virsh's lists gives, sorted: <c>list --all</c>, <c>net-list --all</c>, <c>pool-list --all</c>.</summary>
    public async Task<string[]> NamesAsync(params string[] list) =>
        [.. (await VirshAsync([.. list, "--name"])).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal)];

    /// <summary>Has a machine of that name, in libvirt's words, not start any more until the answer is disposed of.</summary>
    public IDisposable Refuse(string machine)
    {
        var file = Path.Combine(Folder, "refused", machine);
        File.WriteAllText(file, "");
        return new Undone(() => File.Delete(file));
    }

    /// <summary>Starts it, with the kernel that tiny machines boot where <c>provision</c> keeps it.</summary>
    internal async Task KernelReadyAsync()
    {
        await ReadyAsync();
        await LabGuest.PutKernelAsync(Root, TestContext.Current.CancellationToken);
    }

    /// <summary>Starts it, with what a small machine boots from; made once a lab, and never changed: disks are overlays of it.</summary>
    internal async Task<LabGuest> GuestReadyAsync()
    {
        await KernelReadyAsync();
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _guest ??= await LabGuest.MakeAsync(Root, TestContext.Current.CancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Ends libvirtd and has it come up again, as an update of its package does; machines go on running.</summary>
    public async Task RestartLibvirtdAsync()
    {
        await StopLibvirtdAsync();
        await StartLibvirtdAsync();
    }

    /// <summary>Ends libvirtd and keeps it so.</summary>
    public async Task StopLibvirtdAsync()
    {
        _lab.WantNoMore(Daemon);
        await _lab.SignalAsync(Daemon, "TERM");
        await LabNamespaces.UntilAsync(async () => !await AnswersAsync(), StartLimit, () => "libvirtd does not stop");
    }

    /// <summary>Kills libvirtd, as a crash would; it comes up again by itself, and machines go on running.</summary>
    public Task KillLibvirtdAsync() => _lab.SignalAsync(Daemon, "KILL");

    /// <summary>Has libvirtd run, and waits until it answers.</summary>
    public async Task StartLibvirtdAsync()
    {
        _lab.Want(Logger);
        _lab.Want(Daemon);
        await LabNamespaces.UntilAsync(AnswersAsync, StartLimit, () => _lab.Log(Daemon));
    }

    private async Task<bool> AnswersAsync() => (await TryVirshAsync("version")).ExitCode == 0;

    private sealed class Undone(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await Docker.DisposeAsync();
        _starting.Dispose();
    }
}
