using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>After all goals: what is recorded and not wanted any more, and what was replaced, goes; dependents first.</summary>
internal sealed class DeletePhase(RunContext run, Snapshot snapshot, Reality reality, GoalDecider decider, DeleteRunner runner)
{
    /// <summary>Decides on the deletes. Pure but for the diagnostics it raises.</summary>
    /// <param name="replaced">Old states whose replacement was made in this run.</param>
    /// <param name="heldBy">Resources that failed or were not tried: whatever their recorded state needs has to stay.</param>
    public ImmutableArray<(PlannedStep Step, DeleteStep Delete)> Plan(IReadOnlyList<ResourceState> replaced, IReadOnlyCollection<Urn> heldBy)
    {
        var unwanted = snapshot.Resources.Where(state => state.Delete)
            // Sorted, or a plan would list its deletes in another order each time.
            .Concat(decider.Live.Where(state => !decider.IsClaimed(state.Urn)).OrderBy(state => state.Urn))
            .ToList();
        var doomed = Selected(unwanted).Concat(replaced).ToList();
        var kept = Kept(doomed, heldBy);
        var going = doomed.Where(state => !kept.Contains(state)).ToList();
        var goingUrns = going.Where(state => !state.Delete).Select(state => state.Urn).ToHashSet();
        var ordered = SnapshotOrder.DependentsFirst([.. going]);
        return [.. ordered.Select(state => Plan(state, goingUrns))];
    }

    /// <summary>Acts on them; gives the resources that are still there against the plan.</summary>
    public async Task<IReadOnlyList<(DeleteStep Step, StepResult Result)>> RunAsync(ImmutableArray<(PlannedStep Step, DeleteStep Delete)> deletes)
    {
        var planned = run.Options.Plan?.Steps.ToLookup(step => step.Urn);
        var permitted = new List<DeleteStep>(deletes.Length);
        var refused = new List<(DeleteStep, StepResult)>();
        foreach (var (step, delete) in deletes)
        {
            // The old half of a replacement was shown as that replacement.
            if (planned is null || delete.Op is StepOp.DeleteReplaced or StepOp.RemovePendingReplace
                || planned[step.Urn].Any(said => StepPlanner.Forbids(said, step.Op, null) is null))
            {
                permitted.Add(delete);
            }
            else
            {
                var diagnostic = EngineDiagnostics.BeyondPlan(step.Urn, "delete", planned[step.Urn].FirstOrDefault()?.Op.Name() ?? "nothing");
                run.Events.Raise(diagnostic);
                refused.Add((delete, new StepResult.Failed(diagnostic)));
            }
        }

        return [.. await runner.RunAsync(permitted), .. refused];
    }

    private List<ResourceState> Selected(List<ResourceState> unwanted)
    {
        if (run.Selection.IsEverything)
        {
            return unwanted;
        }

        // Components and providers go only with the last of what is in them: a targeted run leaves them alone.
        var selected = unwanted.Where(state => state.Custom && !state.Type.IsProvider && run.Selection.Includes(state.Urn, state.Custom)).ToHashSet();
        var dependents = unwanted.SelectMany(state => state.References().Select(urn => (urn, state))).ToLookup(edge => edge.urn, edge => edge.state);
        var open = new Queue<ResourceState>(selected);
        while (open.TryDequeue(out var state))
        {
            foreach (var dependent in dependents[state.Urn].Where(dependent => !selected.Contains(dependent)))
            {
                if (run.Options.TargetDependents)
                {
                    selected.Add(dependent);
                    open.Enqueue(dependent);
                }
                else
                {
                    run.Events.Raise(EngineDiagnostics.DeleteOutsideTargets(state.Urn, dependent.Urn));
                }
            }
        }

        return [.. unwanted.Where(selected.Contains)];
    }

    /// <summary>Protected resources, and everything that something staying needs.</summary>
    private HashSet<ResourceState> Kept(List<ResourceState> doomed, IReadOnlyCollection<Urn> heldBy)
    {
        var kept = new HashSet<ResourceState>(ReferenceEqualityComparer.Instance);
        var byUrn = doomed.ToLookup(state => state.Urn);
        var open = new Queue<ResourceState>(heldBy.Select(decider.Recorded).OfType<ResourceState>());
        // Its delete ahead of a replacement was part of a step that did not come through.
        foreach (var state in doomed.Where(state => !state.Delete && decider.DeletedAheadFor(state.Urn) is { } root && heldBy.Contains(root)))
        {
            kept.Add(state);
            open.Enqueue(state);
        }

        foreach (var state in doomed.Where(state => state.Protect && !state.Delete))
        {
            run.Events.Raise(EngineDiagnostics.Protected(state.Urn, "delete"));
            kept.Add(state);
            open.Enqueue(state);
        }

        while (open.TryDequeue(out var holder))
        {
            foreach (var needed in holder.References().SelectMany(urn => byUrn[urn]))
            {
                if (kept.Add(needed))
                {
                    run.Events.Post(new EngineEvent.StepSkipped(needed.Urn, StepOp.Delete, $"'{holder.Urn.Name}' still needs it"));
                    open.Enqueue(needed);
                }
            }
        }

        return kept;
    }

    private (PlannedStep Step, DeleteStep Delete) Plan(ResourceState state, HashSet<Urn> going)
    {
        var gone = !state.Delete && reality.Observations.GetValueOrDefault(state.Urn) is Observation.Gone;
        var withContainer = state.DeletedWith is { } container && going.Contains(container);
        // It was deleted already, ahead of the replacement of what it depended on: only its record is left.
        var ahead = state.Delete ? null : decider.DeletedAheadFor(state.Urn);
        var owned = state.Custom && !state.Type.IsProvider && ahead is null;
        var op = state switch
        {
            { PendingReplacement: true } => StepOp.RemovePendingReplace,
            { Delete: true } => StepOp.DeleteReplaced,
            { External: true } or { Custom: true, RetainOnDelete: true } => StepOp.Discard,
            _ => StepOp.Delete,
        };
        var retained = owned && state.RetainOnDelete && op is (StepOp.Discard or StepOp.DeleteReplaced);
        var step = new PlannedStep
        {
            Op = op,
            Urn = state.Urn,
            Custom = state.Custom,
            Parent = state.Parent,
            Reason = retained ? "kept" : ahead is { } root ? $"{root.Name} is replaced" : gone ? "gone already" : withContainer ? $"goes with {state.DeletedWith?.Name}" : null,
            Old = state,
            Retained = retained || withContainer,
            Dependencies = state.Dependencies,
        };
        var calls = owned && !retained && !gone && !withContainer && op is (StepOp.Delete or StepOp.DeleteReplaced);
        return (step, new DeleteStep(state, op, calls, new StateChange.Remove(state.Urn, state.Id, state.Delete)));
    }
}
