using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Provision.IntegrationTests.Lab;

/// <summary>
/// Network, mount and process namespaces of a lab's own, its folder, and the daemons that run in it once somebody wants them. A process of its own
/// holds them, so that nothing is left however the tests end.
/// </summary>
internal sealed class LabNamespaces : IAsyncDisposable
{
    private static int _count;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private Process? _supervisor;
    private string? _inside;

    /// <summary>The network namespace's name, and the cgroup's.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"prov{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

    /// <summary>The same path inside and outside.</summary>
    public string Folder => Path.Combine(Path.GetTempPath(), $"{Name}.lab");

    /// <summary>What a program has to be run by to run in all of them.</summary>
    public string[] Enter =>
        ["nsenter", "--target", _inside ?? throw new InvalidOperationException("The lab does not run."), "--mount", "--pid", $"--net=/run/netns/{Name}", "--"];

    /// <summary>Makes them once, and fails with what they said where they can't be.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_inside is null)
            {
                await WriteScriptsAsync(Folder, cancellationToken);

                // A session of its own: neither Ctrl+C nor a signal to the tests' process group reaches it, and it cleans up after both.
                var start = new ProcessStartInfo("setsid", ["bash", Path.Combine(Folder, "supervisor.sh"), Name, Folder])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
                _supervisor = Process.Start(start) ?? throw new InvalidOperationException("The lab's supervisor did not start.");
                var said = await _supervisor.StandardOutput.ReadLineAsync(cancellationToken);
                _inside = said?.Split(' ') is ["started", var outside]
                    ? (await File.ReadAllTextAsync($"/proc/{outside}/task/{outside}/children", cancellationToken)).Split(' ')[0]
                    : throw new InvalidOperationException($"The lab did not start: {await _supervisor.StandardError.ReadToEndAsync(cancellationToken)}");
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>What the supervisor runs, in a folder that nobody else reads.</summary>
    public static async Task WriteScriptsAsync(string folder, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            Directory.CreateDirectory(folder, (UnixFileMode)0b111_000_000);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "supervisor.sh"), LabScript.Supervisor, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "inside.sh"), LabScript.Inside, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "daemons.sh"), LabScript.Daemons, cancellationToken);
    }

    /// <summary>Has a daemon run, and started again whenever it ends.</summary>
    public void Want(string daemon) => File.WriteAllText(Path.Combine(Folder, $"{daemon}.wanted"), "");

    /// <summary>Lets a daemon that ends stay so.</summary>
    public void WantNoMore(string daemon) => File.Delete(Path.Combine(Folder, $"{daemon}.wanted"));

    public Task<LabProcess> RunInsideAsync(params string[] command) =>
        LabProcess.RunAsync(Enter[0], [.. Enter[1..], .. command], TestContext.Current.CancellationToken);

    /// <summary>A daemon's pid file counts in its own namespace; ours is found by its arguments, which name the folder.</summary>
    public async Task SignalAsync(string daemon, string signal)
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

            if (Path.GetFileName(arguments[0]) == daemon && arguments.Contains(Path.Combine(Folder, $"{daemon}.pid")))
            {
                (await LabProcess.RunAsync("kill", [$"-{signal}", Path.GetFileName(folder)], CancellationToken.None)).Succeeded();
            }
        }
    }

    /// <summary>What a daemon and the lab said.</summary>
    public string Log(string daemon)
    {
        string Read(string name) => File.Exists(Path.Combine(Folder, name)) ? File.ReadAllText(Path.Combine(Folder, name)) : "";
        return $"The lab's {daemon} does not answer.\n{Read("inside.log")}\n{Read($"{daemon}.log")}";
    }

    /// <summary>Waits until a condition holds. Bounded, and on the condition itself.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan limit, Func<string> otherwise)
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
