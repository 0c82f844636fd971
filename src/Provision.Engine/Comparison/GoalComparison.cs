using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Comparison;

/// <summary>
/// Plans what a stack should be against what it should have been before: no state, no endpoint, no credentials. An <c>up</c> of the one in a world where
/// everything succeeds gives the state against which an <c>up</c> of the other is planned, by the planner and the providers' own diffs.
/// </summary>
public sealed class GoalComparison(TimeProvider clock, Func<Guid> newId)
{
    /// <param name="project">The project and the stack, which all URNs carry.</param>
    /// <param name="stack">The stack's short name.</param>
    /// <param name="before">What it should have been; no goals where there was no stack.</param>
    /// <param name="after">What it should be; no goals where there shall be no stack.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ComparisonResult> RunAsync(
        string project, string stack, ComparisonSide before, ComparisonSide after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, fresh) = (Declared(before.Goals), Declared(after.Goals));
        var outputs = AssumedOutputs.For(old.Concat(fresh));
        var options = new DeploymentOptions { Operation = Operation.Up, Project = project, Stack = stack, Refresh = false };
        var stop = new StopTokens(cancellationToken, cancellationToken);

        var was = old.IsEmpty
            ? null
            : await Deployment(before).RunAsync(options, new FinishedGoalSource(old), Snapshot.Empty, NoStorage.Instance, stop);
        var would = await Deployment(after).RunAsync(
            options with { Operation = fresh.IsEmpty ? Operation.Destroy : Operation.Up, DryRun = true },
            new FinishedGoalSource(fresh), was?.Snapshot ?? Snapshot.Empty, NoStorage.Instance, stop);
        cancellationToken.ThrowIfCancellationRequested();
        return new ComparisonResult { Plan = would.Plan, Before = was?.Snapshot ?? Snapshot.Empty, BeforeDiagnostics = was?.Diagnostics ?? [], Diagnostics = would.Diagnostics };

        Deployment Deployment(ComparisonSide side) =>
            new([.. side.Providers.Select(factory => new AssumedProviderFactory(factory, outputs))], NoEvents.Instance, clock, newId);
    }

    /// <summary>An import looks at the world; here the object is assumed to be as declared, like any other.</summary>
    private static ImmutableArray<ResourceGoal> Declared(IEnumerable<ResourceGoal> goals) =>
        [.. goals.Select(goal => goal.Options.ImportId is null ? goal : goal with { Options = goal.Options with { ImportId = null } })];

    private sealed class NoEvents : IEventSink
    {
        public static readonly NoEvents Instance = new();

        public void Post(EngineEvent engineEvent)
        {
        }
    }

    private sealed class NoStorage : IJournalStorage
    {
        public static readonly NoStorage Instance = new();

        public Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>One side of a comparison.</summary>
/// <param name="Goals">What the stack should be there.</param>
/// <param name="Providers">Who checks that. Each side has its own: checks read files, which differ between revisions.</param>
public sealed record ComparisonSide(IReadOnlyList<ResourceGoal> Goals, IReadOnlyList<IProviderFactory> Providers);

/// <summary>What a comparison gave.</summary>
public sealed record ComparisonResult
{
    /// <summary>What an <c>up</c> would do where the world is just as it should have been before.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The assumed state before.</summary>
    public required Snapshot Before { get; init; }

    /// <summary>What is wrong with what it should have been. What is left of that still stands for the state.</summary>
    public ImmutableArray<Diagnostic> BeforeDiagnostics { get; init; } = [];

    /// <summary>What is wrong with what it should be: an <c>up</c> would refuse it.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];
}
