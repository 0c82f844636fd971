using Provision.Model;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// A worker that is started before the command line is read. A review waits for nothing so long as for its worker to be there, and the worker needs
/// nothing of the command line but its limit of memory.
/// </summary>
internal sealed class WorkerAhead : IDisposable
{
    private readonly DataSize _memory;
    private Task<WorkerProcess>? _starting;

    private WorkerAhead(DataSize memory)
    {
        _memory = memory;
        _starting = Task.Factory.StartNew(() => WorkerProcess.Start(memory), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Not handed over yet; null where it is.</summary>
    internal Task<WorkerProcess>? Worker => _starting;

    /// <summary>One where the command line looks as if it will be used; else null.</summary>
    public static WorkerAhead? For(IReadOnlyList<string> arguments) =>
        arguments is ["diff", _, ..] && !arguments.Any(NeedsNone) ? new(ReviewLimits.DefaultMemory) : null;

    /// <summary>Hands it over, to be disposed by whoever has it then; null where it has another limit, or is handed over already.</summary>
    public Task<WorkerProcess>? Take(DataSize memory) => memory == _memory ? Interlocked.Exchange(ref _starting, null) : null;

    private static bool NeedsNone(string argument) =>
        argument is "--help" or "-h" or "-?" || argument.Split('=', ':')[0] is "--report" or "--memory-limit";

    public void Dispose()
    {
        if (Take(_memory) is not { } unused)
        {
            return;
        }

        // One that did not start is nobody's trouble here: who would have used it has said why it did not.
        Task.WaitAny(unused);
        if (unused.IsCompletedSuccessfully)
        {
            unused.Result.Dispose();
        }
    }
}
