using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// Has workers compare stacks: one does all, unless a definition brings it down. Then that stack has its answer, and another worker does the rest.
/// </summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private readonly ReviewLimits _limits;
    private readonly Action<ReviewReport> _show;
    private Task<WorkerProcess> _starting;

    /// <param name="show">Brings a report into the form in which it will be shown; tried while the workers are waited for.</param>
    /// <param name="ahead">A worker that was started already; null where there is none.</param>
    public WorkerPool(ReviewLimits limits, Action<ReviewReport> show, WorkerAhead? ahead = null)
    {
        (_limits, _show) = (limits, show);
        _starting = ahead?.Take(limits.Memory) ?? StartAsync();
    }

    public async Task<ImmutableArray<StackReview>> ReviewAsync(
        RevisionFiles before, RevisionFiles after, ImmutableArray<string> stacks, CancellationToken cancellationToken)
    {
        var open = stacks.Select(name => new WorkerStack(name, before.Stacks.Contains(name), after.Stacks.Contains(name))).ToList();
        var reviews = new Dictionary<string, StackReview>(StringComparer.Ordinal);
        var brokenBases = new Dictionary<string, ImmutableArray<Diagnostic>>(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            var worker = await _starting;
            var sending = worker.SendAsync(new WorkerRequest(before.Worker, after.Worker, [.. open], _limits.Time.TotalSeconds));
            var listening = ListenAsync(worker, open.Count, cancellationToken);
            WarmUp.Show(_show);
            var (done, fault) = await listening;
            await sending;
            foreach (var review in done)
            {
                reviews[review.Stack] = brokenBases.TryGetValue(review.Stack, out var problems) ? review with { Change = Downgraded(review.Change), BaseProblems = problems } : review;
            }

            open.RemoveAll(stack => reviews.ContainsKey(stack.Name));
            if (open.Count == 0)
            {
                break;
            }

            if (fault is null)
            {
                throw await FailedAsync(worker);
            }

            if (fault.IsHead)
            {
                reviews[fault.Stack] = new StackReview { Stack = fault.Stack, Change = StackChange.Failed, Problems = fault.Problems };
                open.RemoveAll(stack => stack.Name == fault.Stack);
            }
            else
            {
                brokenBases[fault.Stack] = fault.Problems;
                open = [.. open.Select(stack => stack.Name == fault.Stack ? stack with { InBase = false } : stack)];
            }

            await worker.DisposeAsync();
            _starting = StartAsync();
        }

        return [.. stacks.Select(name => reviews[name])];
    }

    public async ValueTask DisposeAsync() => await (await _starting).DisposeAsync();

    /// <summary>On another thread, since it takes long, and there is something else to do until the worker is asked.</summary>
    private Task<WorkerProcess> StartAsync() => Task.Run(() => WorkerProcess.Start(_limits.Memory));

    /// <summary>Hears a worker out: to its end, or until it has compared so many stacks.</summary>
    /// <returns>What it compared, and what it stopped at; null where it was no stack.</returns>
    private async Task<(IReadOnlyList<StackReview> Done, WorkerMessage.Failed? Fault)> ListenAsync(WorkerProcess worker, int count, CancellationToken cancellationToken)
    {
        var done = new List<StackReview>();
        var steps = new List<PlannedStep>();
        WorkerMessage.Begun? begun = null;
        try
        {
            await foreach (var message in worker.ReadAsync(_limits.Time, cancellationToken))
            {
                switch (message)
                {
                    case WorkerMessage.Begun now:
                        begun = now;
                        break;
                    case WorkerMessage.Planned planned:
                        steps.AddRange(planned.Part.Steps);
                        break;
                    case WorkerMessage.Done { Review: var review }:
                        done.Add(review with { Plan = review.Plan with { Steps = [.. steps] } });
                        steps.Clear();
                        begun = null;
                        break;
                    case WorkerMessage.Failed failed:
                        return (done, failed);
                    default:
                        throw new System.Diagnostics.UnreachableException();
                }

                if (done.Count == count)
                {
                    break;
                }
            }
        }
        catch (FormatException)
        {
            // A line that was cut off where it ended, or that a definition wrote.
        }

        return (done, begun is null ? null : await FaultAsync(worker, begun));
    }

    private static async Task<WorkerMessage.Failed> FaultAsync(WorkerProcess worker, WorkerMessage.Begun begun)
    {
        var (code, said) = await LastWordsAsync(worker);
        return new WorkerMessage.Failed(begun.Stack, begun.IsHead, [ReviewDiagnostics.WorkerEnded(begun.Stack, code, said)]);
    }

    private static async Task<CliException> FailedAsync(WorkerProcess worker)
    {
        var (code, said) = await LastWordsAsync(worker);
        return new CliException(ExitCode.Error, ReviewDiagnostics.WorkerFailed(code, said));
    }

    private static async Task<(int ExitCode, string Said)> LastWordsAsync(WorkerProcess worker)
    {
        await worker.EndAsync();
        return (worker.ExitCode, (await worker.ErrorsAsync).Split('\n')[0].Trim());
    }

    // Of a base that cannot be evaluated nobody knows that it had no such stack.
    private static StackChange Downgraded(StackChange change) => change == StackChange.Added ? StackChange.Changed : change;
}
