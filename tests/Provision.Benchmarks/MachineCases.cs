using System.Diagnostics;
using System.Globalization;
using Provision.Engine.State;
using Provision.IntegrationTests.Lab;

namespace Provision.Benchmarks;

/// <summary>
/// Ten tiny machines by the published program, whole processes from exec to exit, against the same calls of libvirt in a bare loop of the same width;
/// in turns, in one private lab. All machines are plain emulation.
/// </summary>
internal static class MachineCases
{
    private const int Count = 10;

    /// <summary>As many as the libvirt provider starts at once.</summary>
    private const int Width = 8;

    private const double Budget = 1.10;

    public static async Task RunAsync(Report report, int rounds)
    {
        await using var lab = new LibvirtLab();
        var guest = await lab.GuestReadyAsync();
        using var own = new BenchWorkspace();
        var published = await StartupCases.PublishAsync(Path.Combine(own.Folder, "published"));
        using var program = new PublishedProgram(published, lab);

        // Somebody else uses kernel and image all the time: what is measured is machines, and making an image is paid once a host.
        await program.DeclareAsync("held", (1, false));
        await program.RunAsync("up", "held", "--yes");
        await program.DeclareAsync("bench", (1, true));
        await program.RunAsync("up", "bench", "--yes");
        await program.RunAsync("destroy", "bench", "--yes");
        await program.DeclareAsync("bench", (Count, true));
        await using var bare = new BareLoop(lab, guest, Count, Width);

        var times = new Dictionary<string, (List<TimeSpan> Bare, List<TimeSpan> Ours)>(StringComparer.Ordinal);
        for (var round = 0; round < rounds * 2; round++)
        {
            // Bare, ours, ours, bare: neither always has the fresher daemon.
            foreach (var isBare in round % 2 == 0 ? new[] { true, false } : [false, true])
            {
                foreach (var (operation, arguments) in new (string, string[])[]
                {
                    ("up", ["up", "bench", "--yes"]), ("no-op up", ["up", "bench", "--yes", "--expect-no-changes"]), ("reset", ["reset", "bench/box-*", "--yes"]), ("destroy", ["destroy", "bench", "--yes"]),
                })
                {
                    var both = times.TryGetValue(operation, out var known) ? known : times[operation] = ([], []);
                    if (!isBare)
                    {
                        both.Ours.Add(await program.RunAsync(arguments));
                    }
                    else if (operation != "no-op up")
                    {
                        both.Bare.Add(await bare.RunAsync(operation));
                    }
                }
            }
        }

        await program.RunAsync("destroy", "held", "--yes");
        report.Table(
            $"{Count} tiny machines, {Width} at once, {(await lab.VirshAsync("version")).Split('\n')[^2].Trim()}, plain emulation", "operation", "bare loop (min – max)", "provision (min – max)", "ratio of medians");
        foreach (var (operation, (bareTimes, ours)) in times)
        {
            var ratio = bareTimes.Count > 0 ? Median(ours) / Median(bareTimes) : 0;
            report.Row(operation, bareTimes.Count > 0 ? Times(bareTimes) : "–", Times(ours), bareTimes.Count > 0 ? Report.Number(ratio) : "–");
            if (bareTimes.Count > 0)
            {
                report.Budget($"{operation} of {Count} tiny machines against the bare loop", Budget, ratio, "x");
            }
        }
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static string Times(List<TimeSpan> times) => $"{Report.Time(Median(times))} ({Report.Time(times.Min())} – {Report.Time(times.Max())})";

    /// <summary>The bare loop, in a process inside the lab.</summary>
    private sealed class BareLoop : IAsyncDisposable
    {
        private readonly Process _process;

        public BareLoop(LibvirtLab lab, LabGuest guest, int count, int width)
        {
            string[] command =
            [
                .. lab.Enter, Environment.ProcessPath ?? "dotnet", .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(MachineCases).Assembly.Location] : Array.Empty<string>(),
                "machines-bare", "qemu:///system", Path.Combine(lab.Root, "bare"), guest.Kernel, guest.Initrd, guest.Disk,
                count.ToString(CultureInfo.InvariantCulture), width.ToString(CultureInfo.InvariantCulture),
            ];
            _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })
                ?? throw new InvalidOperationException("The bare loop did not start.");
        }

        public async Task<TimeSpan> RunAsync(string operation)
        {
            await _process.StandardInput.WriteLineAsync(operation);
            await _process.StandardInput.FlushAsync();
            return await _process.StandardOutput.ReadLineAsync() is { } seconds
                ? TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))
                : throw new InvalidOperationException("The bare loop ended.");
        }

        public async ValueTask DisposeAsync()
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}

/// <summary>The published program in a workspace of its own, run inside a lab.</summary>
internal sealed class PublishedProgram : IDisposable
{
    private readonly BenchWorkspace _workspace = new();
    private readonly string _program;
    private readonly string[] _enter;

    public PublishedProgram(string published, LibvirtLab? lab)
    {
        _program = Path.Combine(published, "provision");
        _enter = lab is null ? [] : [.. lab.Enter, "env", "-C", _workspace.Folder];
        Directory.CreateDirectory(Path.Combine(_workspace.Folder, "stacks"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "BenchMachines.cs"), Path.Combine(_workspace.Folder, "stacks", "BenchMachines.cs"));
        File.WriteAllText(
            Path.Combine(_workspace.Folder, "Pulumi.yaml"), $"name: {BenchStack.Project}\nruntime: dotnet\nmain: stacks\nstackConfigDir: stacks\nbackend:\n  url: file://.\n");
    }

    public Task DeclareAsync(string stack, (int Count, bool Run) settings) => File.WriteAllTextAsync(
        Path.Combine(_workspace.Folder, "stacks", $"Pulumi.{stack}.yaml"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"config:\n  provision:definition: BenchMachines\n  {BenchStack.Project}:count: {settings.Count}\n  {BenchStack.Project}:run: {(settings.Run ? "true" : "false")}\n"));

    /// <summary>From exec to exit.</summary>
    public async Task<TimeSpan> RunAsync(params string[] arguments) => (await MeasuredAsync(arguments)).Time;

    /// <summary>The time, and the most memory it had resident at once.</summary>
    public async Task<(TimeSpan Time, long Peak)> MeasuredAsync(params string[] arguments)
    {
        string[] command = [.. _enter, _program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = _workspace.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _workspace.Folder;
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(_workspace.Folder, "cache");
        start.Environment[PassphraseEnvironment.PassphraseVariable] = "benchmark";
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        var ended = process.WaitForExitAsync();
        var peak = 0L;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System));
        }

        var time = Stopwatch.GetElapsedTime(started);
        return process.ExitCode == 0
            ? (time, peak)
            : throw new InvalidOperationException($"provision {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
    }

    public void Dispose() => _workspace.Dispose();

    /// <summary>The kernel's own high-water mark, so nothing between two looks is missed but the last moment.</summary>
    private static long PeakOf(int process)
    {
        try
        {
            // What enters a lab runs the program as its child.
            var children = File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Prepend(process.ToString(CultureInfo.InvariantCulture)).Max(id =>
            {
                var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                return line is null ? 0 : 1024 * long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
