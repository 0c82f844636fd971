using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>The refresh operation: what was seen becomes what is recorded; the world is left as it is.</summary>
internal sealed class RefreshPhase(RunContext run, Snapshot snapshot, Reality reality)
{
    public ImmutableArray<PlannedStep> Run()
    {
        var steps = ImmutableArray.CreateBuilder<PlannedStep>();
        foreach (var state in snapshot.Resources)
        {
            if (reality.Observations.GetValueOrDefault(state.Urn) is not { } seen || state.Delete || Step(state, seen) is not { } step)
            {
                continue;
            }

            steps.Add(step);
            run.Events.Post(new EngineEvent.StepPlanned(step));
            if (!run.DryRun && step.Op != StepOp.Same)
            {
                Record(state, seen, step);
            }
        }

        RaiseUnreachable();
        return steps.ToImmutable();
    }

    private PlannedStep? Step(ResourceState state, Observation seen) => seen switch
    {
        Observation.Gone => new PlannedStep { Op = StepOp.Delete, Urn = state.Urn, Custom = true, Parent = state.Parent, Reason = "gone", Old = state },
        Observation.Seen { Changed: true } changed => new PlannedStep
        {
            Op = StepOp.Update,
            Urn = state.Urn,
            Custom = true,
            Parent = state.Parent,
            Reason = "changed outside",
            Old = state,
            Inputs = changed.State.Inputs,
            Changes = Changes(state, changed.State),
        },
        Observation.Seen => new PlannedStep { Op = StepOp.Same, Urn = state.Urn, Custom = true, Parent = state.Parent, Old = state, Inputs = state.Inputs },
        _ => null,
    };

    /// <summary>The provider's diff from what is to what was asked, turned round: what reality did to it.</summary>
    private ImmutableArray<PropertyDiff> Changes(ResourceState recorded, ResourceState seen)
    {
        var diff = run.Providers.Find(recorded.Provider)?.Diff(new DiffRequest(recorded.Urn, seen.Id, recorded.Inputs, seen.Outputs, recorded.Inputs));
        return diff is { HasChanges: true }
            ? [.. diff.Changes.Select(change => change with
            {
                Kind = change.Kind switch { DiffKind.Add => DiffKind.Delete, DiffKind.Delete => DiffKind.Add, _ => DiffKind.Update },
                Apply = ApplyClass.Live,
                Old = change.New,
                New = change.Old,
            })]
            : PropertyComparison.Compare(recorded.Outputs, seen.Outputs);
    }

    private void Record(ResourceState state, Observation seen, PlannedStep step)
    {
        run.Journal.Post(new JournalEntry.Recorded(seen is Observation.Seen changed
            ? [new StateChange.Put(changed.State with { Modified = run.Clock.GetUtcNow() })]
            : [new StateChange.Remove(state.Urn, state.Id, MarkedDelete: false)]));
        run.Events.Post(new EngineEvent.StepFinished(state.Urn, step.Op, TimeSpan.Zero, (seen as Observation.Seen)?.State));
    }

    private void RaiseUnreachable()
    {
        foreach (var (provider, failure) in reality.Unreachable)
        {
            var unseen = snapshot.Resources.Count(state => state.Provider?.Urn == provider && !state.Delete);
            run.Events.Raise(EngineDiagnostics.Unreachable(provider, unseen, failure.Message, failure.Remedy));
        }
    }
}
