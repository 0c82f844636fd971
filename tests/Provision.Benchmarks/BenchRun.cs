using Provision.Engine;
using Provision.Engine.Contract;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Benchmarks;

/// <summary>One operation of the engine, and a refusal to measure one that failed.</summary>
internal static class BenchRun
{
    public static async Task<DeploymentResult> RunAsync(
        Operation operation, IReadOnlyList<ResourceGoal> goals, Snapshot snapshot, bool dryRun, IReadOnlyList<IProviderFactory>? providers = null, IJournalStorage? journal = null, int? width = null)
    {
        var options = new DeploymentOptions { Operation = operation, Stack = BenchStack.Stack, Project = BenchStack.Project, DryRun = dryRun };
        var deployment = new Deployment(providers ?? [new BenchProviderFactory()], events: null, TimeProvider.System, Guid.NewGuid);
        var result = await deployment.RunAsync(
            width is { } parallel ? options with { Parallel = parallel } : options, new FinishedGoalSource(goals), snapshot, journal ?? new MemoryJournal(), StopTokens.None);
        return result.Outcome == OperationOutcome.Succeeded
            ? result
            : throw new InvalidOperationException($"{operation} failed: {string.Join("; ", result.Diagnostics.Select(diagnostic => diagnostic.ToString()))}");
    }

    /// <summary>Keeps nothing: the fold beside it is what a run needs.</summary>
    private sealed class MemoryJournal : IJournalStorage
    {
        public Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
