using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>One state to take away, and what that means for the list of states.</summary>
/// <param name="State">What is recorded.</param>
/// <param name="Op">Delete, delete-replaced, discard or remove-pending-replace.</param>
/// <param name="CallsProvider">False for what has no object of its own, is only forgotten, or goes with its container.</param>
/// <param name="After">Removed, or waiting for its replacement.</param>
internal sealed record DeleteStep(ResourceState State, StepOp Op, bool CallsProvider, StateChange After);

/// <summary>Takes states away, each as soon as everything that refers to it is gone; goes on past failures.</summary>
internal sealed class DeleteRunner(RunContext run, StepExecutor executor)
{
    /// <summary>The outcome of each step, in the order of the steps.</summary>
    public async Task<IReadOnlyList<(DeleteStep Step, StepResult Result)>> RunAsync(IReadOnlyList<DeleteStep> steps)
    {
        var byState = new Dictionary<ResourceState, DeleteStep>(ReferenceEqualityComparer.Instance);
        foreach (var step in steps)
        {
            byState[step.State] = step;
        }

        // Dependents first: whoever refers to a state has its task already when the state's turn comes.
        var waiting = new Dictionary<Urn, List<Task<StepResult>>>();
        var results = new List<(DeleteStep Step, Task<StepResult> Task)>(steps.Count);
        foreach (var state in SnapshotOrder.DependentsFirst([.. steps.Select(step => step.State)]))
        {
            var task = RunAsync(byState[state], waiting.GetValueOrDefault(state.Urn) ?? []);
            results.Add((byState[state], task));
            foreach (var urn in state.References())
            {
                if (!waiting.TryGetValue(urn, out var dependents))
                {
                    waiting[urn] = dependents = [];
                }

                dependents.Add(task);
            }
        }

        await Task.WhenAll(results.Select(result => result.Task));
        return [.. results.Select(result => (result.Step, result.Task.Result))];
    }

    private async Task<StepResult> RunAsync(DeleteStep step, List<Task<StepResult>> dependents)
    {
        var urn = step.State.Urn;
        foreach (var dependent in dependents)
        {
            if (await dependent is not StepResult.Succeeded)
            {
                return Skip("something that depends on it could not be deleted");
            }
        }

        if (run.IsStopping)
        {
            return Skip(run.Journal.Failure is null ? "the run was stopped" : "it could not be recorded");
        }

        if (!step.CallsProvider)
        {
            run.Journal.Post(new JournalEntry.Recorded([step.After]));
            run.Events.Post(new EngineEvent.StepFinished(urn, step.Op, TimeSpan.Zero, null));
            return new StepResult.Succeeded(null);
        }

        if (run.Providers.Find(step.State.Provider) is not { } provider)
        {
            var diagnostic = EngineDiagnostics.NoProvider(urn, urn.Type.Package);
            run.Events.RaiseFailure(urn, step.Op, TimeSpan.Zero, diagnostic);
            return new StepResult.Failed(diagnostic);
        }

        var result = await executor.DeleteAsync(step.State, provider, step.Op, step.After);
        return result is StepResult.Skipped skipped ? Skip(skipped.Because) : result;

        StepResult.Skipped Skip(string because)
        {
            run.Events.Post(new EngineEvent.StepSkipped(urn, step.Op, because));
            return new StepResult.Skipped(because);
        }
    }
}
