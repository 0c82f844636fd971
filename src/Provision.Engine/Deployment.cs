using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Execution;
using Provision.Engine.Planning;
using Provision.Engine.State;

namespace Provision.Engine;

/// <summary>
/// Runs one operation on one stack. Start here. The way through, for up and destroy alike (destroy is an up without goals):
/// <list type="number">
/// <item>open the recorded provider instances;</item>
/// <item>look at reality, one batch an endpoint, and for what an interrupted run left (<see cref="RealityReader"/>);</item>
/// <item>bring each goal through as soon as what it needs is done (<see cref="ResourceLoop"/>): resolve, ask, decide, record, act, record;</item>
/// <item>delete what is not wanted any more (<see cref="DeletePhase"/>);</item>
/// <item>settle what an earlier run left pending;</item>
/// <item>resolve outputs (<see cref="OutputPhase"/>);</item>
/// <item>close the journal: its fold is the new snapshot.</item>
/// </list>
/// A dry run decides the same things through the same code and does none of them.
/// </summary>
/// <param name="events">Who is told what happens; null where nobody is.</param>
public sealed class Deployment(IReadOnlyList<IProviderFactory> providers, IEventSink? events, TimeProvider clock, Func<Guid> newId)
{
    /// <param name="options">Which operation, on what, and how.</param>
    /// <param name="goals">What should be; ignored by refresh and destroy.</param>
    /// <param name="snapshot">What is recorded.</param>
    /// <param name="journal">Where the run's entries are kept; not written by a dry run.</param>
    /// <param name="stop">The two stages of a cancellation.</param>
    public async Task<DeploymentResult> RunAsync(
        DeploymentOptions options, IGoalSource goals, Snapshot snapshot, IJournalStorage journal, StopTokens stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(snapshot);
        var started = clock.GetTimestamp();
        var poster = new EventPoster(events, clock);
        await using var instances = new ProviderInstances(providers);
        await using var writer = new JournalWriter(snapshot, journal);
        using var slots = new WorkSlots(options.Parallel);
        var selection = new ResourceSelection(options.Targets, options.Excludes);
        var run = new RunContext(options, selection, instances, poster, writer, slots, clock, newId, stop);
        poster.Post(new EngineEvent.OperationStarted(options.Operation, options.DryRun));
        var result = await new OperationRun(run, snapshot, goals).RunAsync();

        // 7. Close the journal.
        var after = await writer.CloseAsync();
        if (writer.Failure is { } failure)
        {
            poster.Raise(EngineDiagnostics.JournalFailed(failure.Message));
        }

        var diagnostics = poster.Diagnostics;
        var outcome = diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error) || !result.Failed.IsEmpty ? OperationOutcome.Failed
            : stop.Stop.IsCancellationRequested || stop.Cancel.IsCancellationRequested ? OperationOutcome.Cancelled
            : OperationOutcome.Succeeded;
        poster.Post(new EngineEvent.OperationFinished(
            options.Operation, options.DryRun, outcome, result.Counts, result.Outputs, clock.GetElapsedTime(started)));
        return result with { Outcome = outcome, Snapshot = options.DryRun ? result.Snapshot : after, Diagnostics = diagnostics };
    }
}
