using System.Diagnostics;
using System.Globalization;
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

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static int _count;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private Process? _supervisor;
    private string? _impossible;
    private bool _ready;

    /// <summary>The network namespace's name, and the cgroup's.</summary>
    public string Namespace { get; } = string.Create(CultureInfo.InvariantCulture, $"prov{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

    private string Folder => Path.Combine(Path.GetTempPath(), $"{Namespace}.lab");

    private string Socket => Path.Combine(Folder, "docker.sock");

    /// <summary>The daemon's URL.</summary>
    public string Endpoint => $"unix://{Socket}";

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

    /// <summary>Runs a program in the lab's network, where published ports and containers' addresses are reached.</summary>
    internal Task<LabProcess> RunInsideAsync(params string[] command) =>
        LabProcess.RunAsync("ip", ["netns", "exec", Namespace, .. command], TestContext.Current.CancellationToken);

    /// <summary>The body of a page inside the lab; tried until somebody answers, for a container's server starts after it does.</summary>
    public async Task<string> HttpGetAsync(string url)
    {
        // The shell's own sockets: a static busybox cannot resolve names, and no other client is sure to be installed.
        var address = new Uri(url);
        var script = $"exec 3<>/dev/tcp/{address.Host}/{address.Port} && printf 'GET {address.PathAndQuery} HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";
        LabProcess? last = null;
        await UntilAsync(
            async () => (last = await RunInsideAsync("bash", "-c", script)) is { ExitCode: 0 } answer && answer.Output.Contains("\r\n\r\n", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10), () => $"{url} does not answer: {last?.Errors}");
        return last is null ? "" : last.Output[(last.Output.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    /// <summary>Stops the daemon (and keeps it stopped), as a person would.</summary>
    public async Task StopDaemonAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "stopped"), "", TestContext.Current.CancellationToken);
        await SignalAsync("TERM");
        await UntilAsync(async () => !await AnswersAsync(), StartLimit, () => "the daemon does not stop");
    }

    /// <summary>Kills the daemon, as a crash would; it comes up again by itself.</summary>
    public Task KillDaemonAsync() => SignalAsync("KILL");

    /// <summary>Lets a stopped daemon come up again.</summary>
    public async Task StartDaemonAsync()
    {
        File.Delete(Path.Combine(Folder, "stopped"));
        await UntilAsync(AnswersAsync, StartLimit, DaemonLog);
    }

    /// <summary>Waits until a condition holds. Bounded, and on the condition itself.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan limit, Func<string> otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException(otherwise());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            Directory.CreateDirectory(Folder, (UnixFileMode)0b111_000_000);
        }

        var supervisor = Path.Combine(Folder, "supervisor.sh");
        await File.WriteAllTextAsync(supervisor, LabScript.Supervisor, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Folder, "inside.sh"), LabScript.Inside, cancellationToken);

        // A session of its own: neither Ctrl+C nor a signal to the tests' process group reaches it, and it cleans up after both.
        var start = new ProcessStartInfo("setsid", ["bash", supervisor, Namespace, Folder]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        _supervisor = Process.Start(start) ?? throw new InvalidOperationException("The lab's supervisor did not start.");
        if (await _supervisor.StandardOutput.ReadLineAsync(cancellationToken) != "started")
        {
            throw new InvalidOperationException($"The lab did not start: {await _supervisor.StandardError.ReadToEndAsync(cancellationToken)}");
        }

        await UntilAsync(AnswersAsync, StartLimit, DaemonLog);
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

    /// <summary>The daemon's pid file counts in its own namespace; the one that listens on our socket is found by its arguments.</summary>
    private async Task SignalAsync(string signal)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)))
        {
            string[] arguments;
            try
            {
                arguments = (await File.ReadAllTextAsync(Path.Combine(folder, "cmdline"))).Split('\0');
            }
            catch (IOException)
            {
                continue;
            }

            if (Path.GetFileName(arguments[0]) == "dockerd" && arguments.Contains(Endpoint))
            {
                (await LabProcess.RunAsync("kill", [$"-{signal}", Path.GetFileName(folder)], CancellationToken.None)).Succeeded();
            }
        }
    }

    private string DaemonLog()
    {
        string Read(string name) => File.Exists(Path.Combine(Folder, name)) ? File.ReadAllText(Path.Combine(Folder, name)) : "";
        return $"The lab's daemon does not answer.\n{Read("inside.log")}\n{Read("dockerd.log")}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_supervisor is not null)
        {
            _supervisor.StandardInput.Close();
            await _supervisor.WaitForExitAsync(CancellationToken.None);
            _supervisor.Dispose();
        }

        _starting.Dispose();
    }
}
