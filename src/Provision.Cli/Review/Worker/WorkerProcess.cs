using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Provision.Model;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// A worker, seen from outside. It gets an empty environment and an empty home, no more memory than its limit, and cannot write to files (of what is
/// open only its pipes); who does not hear from it in time ends it. It has the rights of the person who started it all the same: it is no sandbox.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    // Of what a definition takes, and to spare: a machine that is busy starts slowly.
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(30);

    // A file of no size is the largest that may be written; pipes are no files. No core is dumped either. Ctrl+C is for us alone, who end it.
    private const string Confine = "trap '' INT && ulimit -f 0 && ulimit -c 0 && exec \"$@\"";

    private readonly Process _process;
    private readonly Stream _input;
    private readonly LineReader _lines;
    private readonly Task<string> _errors;
    private readonly Lock _ending = new();

    private WorkerProcess(Process process, string home)
    {
        (_process, Home) = (process, home);
        _input = ProcessPipe.Of(process.StandardInput);
        _lines = new LineReader(ProcessPipe.Of(process.StandardOutput));
        _errors = Task.Factory.StartNew(ReadErrors, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Its home and the place of its temporary files, which is gone with it.</summary>
    public string Home { get; }

    /// <summary>What it said on standard error to its end, which this waits for.</summary>
    public string Errors => _errors.GetAwaiter().GetResult();

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
        try
        {
            return new WorkerProcess(Process.Start(start) ?? throw new IOException("The worker did not start."), home);
        }
        catch
        {
            Directory.Delete(home);
            throw;
        }
    }

    /// <summary>Tells it what to do; it may take a while until it listens.</summary>
    public void Send(WorkerRequest request)
    {
        try
        {
            _input.Write(request.ToBytes());
        }
        catch (IOException)
        {
            // It has ended already; what it left unsaid tells the reader.
        }
    }

    /// <summary>
    /// What it says next; null once it has ended. It is ended where it says nothing for so long that no definition may take as long.
    /// </summary>
    /// <exception cref="FormatException">It says what no worker says.</exception>
    /// <exception cref="OperationCanceledException">Somebody gave up, and it is ended.</exception>
    public WorkerMessage? Next(TimeSpan definitionLimit, CancellationToken cancellationToken)
    {
        using var silence = new Timer(_ => Kill(), null, definitionLimit + Spare, Timeout.InfiniteTimeSpan);
        using var stop = cancellationToken.Register(Kill);
        var message = _lines.TryRead(out var line) ? WorkerMessage.Parse(line) : null;
        cancellationToken.ThrowIfCancellationRequested();
        return message;
    }

    /// <summary>Ends it and whatever it started, where it has not ended by itself.</summary>
    public void End()
    {
        Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        End();
        _input.Dispose();
        lock (_ending)
        {
            _process.Dispose();
        }

        Clear();
    }

    private void Kill()
    {
        lock (_ending)
        {
            try
            {
                _process.Kill(entireProcessTree: MayHaveChildren());
            }
            catch (InvalidOperationException)
            {
                // It has ended, or is let go of already.
            }
            catch (AggregateException)
            {
                // Of what it started something runs with rights that we have not; the rest of it is ended.
            }
        }
    }

    /// <summary>Nearly none has any, and to look through all processes of the machine for some takes long: Linux knows whose children are whose.</summary>
    private bool MayHaveChildren()
    {
        try
        {
            return Directory.GetDirectories($"/proc/{_process.Id}/task").Any(thread => File.ReadAllBytes($"{thread}/children").Length > 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Its home is empty, unless a definition found a way to make files in it.</summary>
    private void Clear()
    {
        try
        {
            Directory.Delete(Home);
        }
        catch (IOException)
        {
            Directory.Delete(Home, recursive: true);
        }
    }

    private string ReadErrors()
    {
        using var reader = new StreamReader(ProcessPipe.Of(_process.StandardError), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // The program itself, or the runtime that is told to run it.
    private static string[] Self()
    {
        var assembly = typeof(WorkerProcess).Assembly.Location;
        var program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(program) ? [program] : [Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", assembly];
    }
}
