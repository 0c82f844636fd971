using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Provision.Model;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// A worker, seen from outside. It gets an empty environment and an empty home, no more memory than its limit, and cannot write to files (of what is
/// open only its pipes); who does not hear from it in time ends it. It has the rights of the person who started it all the same: it is no sandbox.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    // Of what a definition takes, and to spare: a machine that is busy starts slowly.
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(30);

    // A file of no size is the largest that may be written; pipes are no files. No core is dumped either.
    private const string Confine = "ulimit -f 0 && ulimit -c 0 && exec \"$@\"";

    private readonly Process _process;
    private readonly LineReader _lines;
    private readonly Task<string> _errors;

    private WorkerProcess(Process process, string home)
    {
        (_process, Home) = (process, home);
        _lines = new LineReader(process.StandardOutput.BaseStream);
        _errors = Task.Factory.StartNew(process.StandardError.ReadToEnd, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Its home and the place of its temporary files, which is gone with it.</summary>
    public string Home { get; }

    /// <summary>What it said on standard error, once it has ended.</summary>
    public Task<string> ErrorsAsync => _errors;

    public int ExitCode => _process.ExitCode;

    /// <param name="memory">How much its objects may take.</param>
    public static WorkerProcess Start(DataSize memory)
    {
        var home = Directory.CreateTempSubdirectory("provision-worker-").FullName;
        string[] command = [.. Self(), ReviewWorker.Argument];
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(command[0], command[1..]) : new ProcessStartInfo("/bin/sh", ["-c", Confine, "sh", .. command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = home;
        start.Environment.Clear();
        start.Environment["HOME"] = home;
        start.Environment["TMPDIR"] = home;
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["DOTNET_GCHeapHardLimit"] = memory.Bytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";

        // Code that is written to memory goes through a file of its own otherwise, which it may not have.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new WorkerProcess(Process.Start(start) ?? throw new IOException("The worker did not start."), home);
    }

    /// <summary>Tells it what to do; it may take a while until it listens.</summary>
    public Task SendAsync(WorkerRequest request) => Task.Run(() =>
    {
        try
        {
            _process.StandardInput.BaseStream.Write(request.ToLine().Span);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; what it left unsaid tells the reader.
        }
    });

    /// <summary>What it says, to its end. It is ended where it says nothing for so long that no definition may take as long.</summary>
    /// <exception cref="FormatException">It says what no worker says.</exception>
    public async IAsyncEnumerable<WorkerMessage> ReadAsync(TimeSpan definitionLimit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync(definitionLimit + Spare, cancellationToken) is { } message)
        {
            yield return message;
        }

        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Ends it, where it has not ended by itself.</summary>
    public async Task EndAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
        Directory.Delete(Home, recursive: true);
    }

    private WorkerMessage? Next() => _lines.TryRead(out var line) ? WorkerMessage.Parse(line) : null;

    private async Task<WorkerMessage?> NextAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(Next, cancellationToken).WaitAsync(silence, cancellationToken);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            return null;
        }
    }

    // The program itself, or the runtime that is told to run it.
    private static string[] Self()
    {
        var assembly = typeof(WorkerProcess).Assembly.Location;
        var program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(program) ? [program] : [Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", assembly];
    }
}
