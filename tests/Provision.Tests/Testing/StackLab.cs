using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Provision.Engine;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Testing;

/// <summary>
/// Runs whole operations in memory, one after another on one stack. Beside what a test asserts, every run is checked for: the preview
/// lists the steps that the run takes; the journal folded over the old snapshot is the new one; every prefix of it is a sound snapshot,
/// so a crash at any point can be recovered from; no provider acted before its begin entry was stored; and, after a run that
/// succeeded, a further one changes nothing.
/// </summary>
internal sealed class StackLab
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private int _lastId;

    public FakeWorld World { get; } = new();

    public Snapshot Snapshot { get; set; } = Snapshot.Empty;

    public FakeTimeProvider Clock => _clock;

    /// <summary>Skips the check that a further run changes nothing, for tests about runs that are meant not to converge.</summary>
    public bool Converges { get; init; } = true;

    public Task<LifecycleRun> Up(Action<StackProgram> write, Func<DeploymentOptions, DeploymentOptions>? with = null, StopTokens? stop = null) =>
        Run(Operation.Up, Write(write), with, stop);

    public Task<LifecycleRun> Destroy(Func<DeploymentOptions, DeploymentOptions>? with = null, StopTokens? stop = null) =>
        Run(Operation.Destroy, [], with, stop);

    public Task<LifecycleRun> Refresh() => Run(Operation.Refresh, [], null, null);

    public Task<LifecycleRun> Import(Action<StackProgram> write) => Run(Operation.Import, Write(write), null, null);

    public async Task<LifecycleRun> Preview(Action<StackProgram> write, Func<DeploymentOptions, DeploymentOptions>? with = null)
    {
        var before = World.Acts.Count;
        var run = await RunOnce(Operation.Up, new FinishedGoalSource(Write(write)), options => (with?.Invoke(options) ?? options) with { DryRun = true }, StopTokens.None);
        Assert.Equal(before, World.Acts.Count);
        Assert.Empty(run.Entries);
        return run;
    }

    /// <summary>Runs goals as they come from a live source.</summary>
    public async Task<LifecycleRun> UpLive(IGoalSource source)
    {
        var run = await RunOnce(Operation.Up, source, null, StopTokens.None);
        CheckJournal(run);
        Snapshot = run.Result.Snapshot;
        return run;
    }

    /// <summary>One run without a preview, whose outcome is not kept: what a killed process leaves is up to the test.</summary>
    public Task<LifecycleRun> RunWithoutKeeping(Operation operation, Action<StackProgram> write, Func<DeploymentOptions, DeploymentOptions>? with = null) =>
        RunOnce(operation, new FinishedGoalSource(operation == Operation.Destroy ? [] : Write(write)), with, StopTokens.None);

    /// <summary>
    /// Runs as if the process were killed once so many journal entries are stored: what was done after them has happened in the world and
    /// is recorded nowhere. Gives false where the run ended before that.
    /// </summary>
    public async Task<bool> KilledAfter(int entries, Operation operation, Action<StackProgram> write)
    {
        var journal = new MemoryJournal { Failing = (entries, new IOException("killed")) };
        World.Acting = (_, _) => { };
        var options = new DeploymentOptions { Operation = operation, Stack = StackProgram.Stack, Project = StackProgram.Project, Parallel = 4 };
        await new Deployment([new FakeProviderFactory(World)], new EventList(), _clock, NextGuid)
            .RunAsync(options, new FinishedGoalSource(Write(write)), Snapshot, journal, StopTokens.None);
        Snapshot = SnapshotFold.Fold(Snapshot, journal.Entries);
        Assert.Empty(SnapshotChecks.Run(Snapshot));
        return journal.HasFailed;
    }

    private static IReadOnlyList<ResourceGoal> Write(Action<StackProgram> write)
    {
        var program = new StackProgram();
        write(program);
        return program.Goals;
    }

    private async Task<LifecycleRun> Run(
        Operation operation, IReadOnlyList<ResourceGoal> goals, Func<DeploymentOptions, DeploymentOptions>? with, StopTokens? stop)
    {
        var planned = await RunOnce(operation, new FinishedGoalSource(goals), options => (with?.Invoke(options) ?? options) with { DryRun = true }, StopTokens.None);
        World.ForgetActs();
        var run = await RunOnce(operation, new FinishedGoalSource(goals), options =>
        {
            var chosen = with?.Invoke(options) ?? options;
            return chosen with { Plan = chosen.Plan ?? planned.Result.Plan };
        }, stop ?? StopTokens.None);
        CheckJournal(run);
        if (run.Result.Outcome == OperationOutcome.Succeeded)
        {
            Assert.Equal(Lines(planned.Result.Plan), Lines(run.Result.Plan));
        }

        Snapshot = run.Result.Snapshot;
        if (Converges && run.Result.Outcome == OperationOutcome.Succeeded && operation != Operation.Import)
        {
            var again = await RunOnce(operation, new FinishedGoalSource(goals), options => (with?.Invoke(options) ?? options) with { DryRun = true, Replace = [] }, StopTokens.None);
            Assert.DoesNotContain(again.Result.Plan.Steps, step => step.Op.IsChange() && !step.Retained);
        }

        return run with { Preview = planned.Result };
    }

    private static IEnumerable<string> Lines(Plan plan) =>
        plan.Steps.Where(step => step.Op != StepOp.DeleteReplaced).Select(step => $"{step.Op.Name()} {step.Urn.Name} {step.Reason}").Order(StringComparer.Ordinal);

    private async Task<LifecycleRun> RunOnce(
        Operation operation, IGoalSource source, Func<DeploymentOptions, DeploymentOptions>? with, StopTokens stop)
    {
        var journal = new MemoryJournal();
        var events = new EventList();
        World.Acting = (_, urn) => Assert.Contains(journal.Entries, entry => entry is JournalEntry.Begin begin && begin.Resource.Urn == urn);
        var options = new DeploymentOptions { Operation = operation, Stack = StackProgram.Stack, Project = StackProgram.Project, Parallel = 4 };
        var deployment = new Deployment([new FakeProviderFactory(World)], events, _clock, NextGuid);
        var before = Snapshot;
        var result = await deployment.RunAsync(with?.Invoke(options) ?? options, source, before, journal, stop);
        return new LifecycleRun(result, before, [.. journal.Entries], [.. events.Events], [.. World.Acts]);
    }

    private static void CheckJournal(LifecycleRun run)
    {
        Assert.Equal(Describe(SnapshotFold.Fold(run.Before, run.Entries)), Describe(run.Result.Snapshot));
        for (var length = 0; length <= run.Entries.Length; length++)
        {
            Assert.Empty(SnapshotChecks.Run(SnapshotFold.Fold(run.Before, run.Entries.Take(length))));
        }
    }

    private static IEnumerable<string> Describe(Snapshot snapshot) =>
        snapshot.Resources.Select(state => $"{state.Urn} {state.Id} {state.Delete} {state.PendingReplacement} {state.Inputs} {state.Outputs}")
            .Concat(snapshot.PendingOperations.Select(operation => $"pending {operation.Kind} {operation.Resource.Urn}"));

    private Guid NextGuid() => new(Interlocked.Increment(ref _lastId), 0, 0, new byte[8]);

    private sealed class EventList : IEventSink
    {
        public ConcurrentQueue<EngineEvent> Events { get; } = new();

        public void Post(EngineEvent engineEvent) => Events.Enqueue(engineEvent);
    }
}

/// <summary>What one run did.</summary>
internal sealed record LifecycleRun(
    DeploymentResult Result, Snapshot Before, ImmutableArray<JournalEntry> Entries, ImmutableArray<EngineEvent> Events, ImmutableArray<string> Acts)
{
    public DeploymentResult? Preview { get; init; }

    /// <summary>The steps that would change something, "create web" and so on, with the reason in brackets where there is one.</summary>
    public IReadOnlyList<string> Changes => [.. Result.Plan.Steps
        .Where(step => (step.Op.IsChange() || step.LookedAtLater) && step.Custom && !step.Urn.Type.IsProvider && step.Op != StepOp.DeleteReplaced)
        .Select(step => step.Reason is null ? $"{step.Op.Name()} {step.Urn.Name}" : $"{step.Op.Name()} {step.Urn.Name} ({step.Reason})")];

    public IReadOnlyList<string> ErrorCodes => [.. Result.Diagnostics.Select(diagnostic => diagnostic.Code).Distinct().Order(StringComparer.Ordinal)];
}
