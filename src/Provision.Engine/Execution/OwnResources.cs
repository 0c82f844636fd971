using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>
/// Components and provider instances: the engine's own resources. Nothing is called for them; a provider's resources may have to be looked
/// at once it is settled.
/// </summary>
internal sealed class OwnResources(RunContext run, Snapshot snapshot, Reality reality, RealityReader reader, VerdictActor actor)
{
    /// <summary>Gives the resource what it has of itself — a provider its id and its instance — and records it.</summary>
    public ResourceState Settle(Verdict verdict)
    {
        var state = verdict.Draft;
        if (state.Custom)
        {
            if (state.Id.Length == 0)
            {
                state = state with { Id = run.DryRun && run.Options.Assume is null ? ProviderReference.UnknownId : run.NewId().ToString() };
            }

            state = state with { Outputs = state.Inputs };
            run.Providers.Open(new ProviderReference(state.Urn, state.Id), state.Inputs);
        }

        if (!run.DryRun)
        {
            Record(verdict with { Draft = state });
        }

        return state;
    }

    /// <summary>Says once what cannot be looked at behind a provider that does not answer.</summary>
    public Diagnostic RaiseUnreachable(Urn provider, Urn? recorded, ProviderException failure)
    {
        var unseen = snapshot.Resources.Count(resource => resource.Provider?.Urn == recorded && !resource.Delete);
        var diagnostic = EngineDiagnostics.Unreachable(provider, unseen, failure.Message, failure.Remedy);
        run.Events.Raise(diagnostic);
        return diagnostic;
    }

    private void Record(Verdict verdict)
    {
        var now = run.Clock.GetUtcNow();
        switch (verdict.Decision.Op)
        {
            case StepOp.Same:
                actor.RecordSame(verdict);
                break;
            case StepOp.Replace:
                run.Journal.Post(new JournalEntry.Recorded(
                    [new StateChange.MarkDelete(verdict.Was ?? verdict.Draft.Urn), new StateChange.Put(verdict.Draft with { Created = now, Modified = now })]));
                break;
            default:
                run.Journal.Post(new JournalEntry.Recorded(
                    [new StateChange.Put(verdict.Draft with { Created = verdict.Draft.Created ?? now, Modified = now }, verdict.Was)]));
                break;
        }

        if (verdict.Decision.Op.IsChange())
        {
            run.Events.Post(new EngineEvent.StepFinished(verdict.Draft.Urn, verdict.Decision.Op, TimeSpan.Zero, verdict.Draft));
        }
    }

    /// <summary>The endpoint did not answer at first and this run has brought it up since: now look.</summary>
    public async Task<StepResult> LookAgainAsync(ProviderReference reference, ResourceState state)
    {
        var unseen = snapshot.Resources
            .Where(resource => resource.Provider?.Urn == reference.Urn && !resource.Delete && reality.Observations.GetValueOrDefault(resource.Urn) is Observation.Unreachable);
        var interrupted = snapshot.PendingOperations
            .Where(operation => operation.Kind == PendingKind.Creating && operation.Resource.Provider?.Urn == reference.Urn)
            .Select(operation => operation.Resource);
        var ok = await reader.ReadAsync(reference, run.Providers.Find(reference), [.. unseen], [.. interrupted]);
        if (!ok)
        {
            return new StepResult.Skipped("its resources could not be looked at");
        }

        return reality.Unreachable.TryGetValue(reference.Urn, out var failure)
            ? new StepResult.Failed(RaiseUnreachable(reference.Urn, reference.Urn, failure))
            : new StepResult.Succeeded(state);
    }
}
