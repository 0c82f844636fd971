using System.Collections.Immutable;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// Has workers compare stacks: one does all, unless a definition brings it down. Then that stack has its answer, and another worker does the rest.
/// </summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private readonly string _home;
    private readonly ReviewLimits _limits;
    private WorkerProcess _worker;

    /// <param name="home">A folder that is made for the workers, and that they may do with as they like.</param>
    public WorkerPool(string home, ReviewLimits limits)
    {
        (_home, _limits) = (home, limits);
        Directory.CreateDirectory(home);
        _worker = WorkerProcess.Start(home, limits.Memory);
    }

    public async Task<ImmutableArray<StackReview>> ReviewAsync(
        RevisionFiles before, RevisionFiles after, ImmutableArray<string> stacks, CancellationToken cancellationToken)
    {
        var open = stacks.Select(name => new WorkerStack(name, before.Stacks.Contains(name), after.Stacks.Contains(name))).ToList();
        var reviews = new Dictionary<string, StackReview>(StringComparer.Ordinal);
        var brokenBases = new Dictionary<string, ImmutableArray<Diagnostic>>(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            await _worker.SendAsync(new WorkerRequest(before.Worker, after.Worker, [.. open], _limits.Time.TotalSeconds), cancellationToken);
            var listening = ListenAsync(cancellationToken);
            WarmUp.Show();
            var (done, fault) = await listening;
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
                throw await FailedAsync();
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

            await _worker.DisposeAsync();
            _worker = WorkerProcess.Start(_home, _limits.Memory);
        }

        return [.. stacks.Select(name => reviews[name])];
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    /// <summary>Hears a worker out.</summary>
    /// <returns>What it compared, and what it stopped at; null where it was no stack.</returns>
    private async Task<(IReadOnlyList<StackReview> Done, WorkerMessage.Failed? Fault)> ListenAsync(CancellationToken cancellationToken)
    {
        var done = new List<StackReview>();
        WorkerMessage.Begun? begun = null;
        try
        {
            await foreach (var message in _worker.ReadAsync(_limits.Time, cancellationToken))
            {
                switch (message)
                {
                    case WorkerMessage.Begun now:
                        begun = now;
                        break;
                    case WorkerMessage.Done review:
                        done.Add(review.Review);
                        begun = null;
                        break;
                    case WorkerMessage.Failed failed:
                        return (done, failed);
                    default:
                        throw new System.Diagnostics.UnreachableException();
                }
            }
        }
        catch (FormatException)
        {
            // A line that was cut off where it ended, or that a definition wrote.
        }

        return (done, begun is null ? null : await FaultAsync(begun));
    }

    private async Task<WorkerMessage.Failed> FaultAsync(WorkerMessage.Begun begun)
    {
        var (code, said) = await LastWordsAsync();
        return new WorkerMessage.Failed(begun.Stack, begun.IsHead, [ReviewDiagnostics.WorkerEnded(begun.Stack, code, said)]);
    }

    private async Task<CliException> FailedAsync()
    {
        var (code, said) = await LastWordsAsync();
        return new CliException(ExitCode.Error, ReviewDiagnostics.WorkerFailed(code, said));
    }

    private async Task<(int ExitCode, string Said)> LastWordsAsync()
    {
        await _worker.EndAsync();
        return (_worker.ExitCode, (await _worker.ErrorsAsync).Split('\n')[0].Trim());
    }

    // Of a base that cannot be evaluated nobody knows that it had no such stack.
    private static StackChange Downgraded(StackChange change) => change == StackChange.Added ? StackChange.Changed : change;
}
