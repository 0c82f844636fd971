using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// Has workers compare stacks: one does all, unless a definition brings it down. Then that stack has its answer, and another worker does the rest.
/// </summary>
internal sealed class WorkerPool : IDisposable
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

    public ImmutableArray<StackReview> Review(
        RevisionFiles before, RevisionFiles after, ImmutableArray<string> stacks, CancellationToken cancellationToken)
    {
        var open = stacks.Select(name => new WorkerStack(name, before.Stacks.Contains(name), after.Stacks.Contains(name))).ToList();
        var reviews = new Dictionary<string, StackReview>(StringComparer.Ordinal);
        var brokenBases = new Dictionary<string, ImmutableArray<Diagnostic>>(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            var worker = Current;
            var request = new WorkerRequest(before.Worker, after.Worker, [.. open], _limits.Time.TotalSeconds);
            var sending = Task.Run(() => worker.Send(request), CancellationToken.None);
            WarmUp.Show(_show);
            var done = new List<StackReview>();
            var fault = Listen(worker, open.Count, done, cancellationToken);
            sending.GetAwaiter().GetResult();
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
                throw Failed(worker);
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

            worker.Dispose();
            _starting = StartAsync();
        }

        return [.. stacks.Select(name => reviews[name])];
    }

    public void Dispose()
    {
        // One that did not start is told by whoever asked it for something; nobody may have.
        Task.WaitAny(_starting);
        if (_starting.IsCompletedSuccessfully)
        {
            Current.Dispose();
        }
    }

    private WorkerProcess Current => _starting.GetAwaiter().GetResult();

    /// <summary>On another thread, since it takes long, and there is something else to do until the worker is asked.</summary>
    private Task<WorkerProcess> StartAsync() => Task.Run(() => WorkerProcess.Start(_limits.Memory));

    /// <summary>Hears a worker out: to its end, or until it has compared so many stacks.</summary>
    /// <param name="done">Gets what it compared.</param>
    /// <returns>What it stopped at; null where it was no stack.</returns>
    private WorkerMessage.Failed? Listen(WorkerProcess worker, int count, List<StackReview> done, CancellationToken cancellationToken)
    {
        var steps = new List<PlannedStep>();
        WorkerMessage.Begun? begun = null;
        try
        {
            while (done.Count < count && worker.Next(_limits.Time, cancellationToken) is { } message)
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
                        return failed;
                    default:
                        throw new System.Diagnostics.UnreachableException();
                }
            }
        }
        catch (FormatException)
        {
            // A line that was cut off where it ended, or that a definition wrote.
        }

        return begun is null ? null : Fault(worker, begun);
    }

    private static WorkerMessage.Failed Fault(WorkerProcess worker, WorkerMessage.Begun begun)
    {
        var (code, said) = LastWords(worker);
        return new WorkerMessage.Failed(begun.Stack, begun.IsHead, [ReviewDiagnostics.WorkerEnded(begun.Stack, code, said)]);
    }

    private static CliException Failed(WorkerProcess worker)
    {
        var (code, said) = LastWords(worker);
        return new CliException(ExitCode.Error, ReviewDiagnostics.WorkerFailed(code, said));
    }

    private static (int ExitCode, string Said) LastWords(WorkerProcess worker)
    {
        worker.End();
        return (worker.ExitCode, worker.Errors.Split('\n')[0].Trim());
    }

    // Of a base that cannot be evaluated nobody knows that it had no such stack.
    private static StackChange Downgraded(StackChange change) => change == StackChange.Added ? StackChange.Changed : change;
}
