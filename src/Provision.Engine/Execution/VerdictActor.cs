using Provision.Engine.Contract;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>Acts on a verdict: the steps of one resource, one after the other.</summary>
internal sealed class VerdictActor(RunContext run, StepExecutor executor, DeleteRunner deletes)
{
    public async Task<StepResult> ActAsync(Verdict verdict, IResourceProvider provider)
    {
        return verdict.Decision.Op switch
        {
            StepOp.Same => RecordSame(verdict),
            StepOp.Import when verdict.Old is { } imported => await ImportAsync(verdict, imported, provider),
            StepOp.Update when verdict.Old is { } old => await executor.UpdateAsync(
                old, verdict.Draft with { InitErrors = [] }, provider, verdict.Diff with { Changes = verdict.Decision.Changes }, verdict.Was),
            StepOp.Replace when verdict.Decision.DeleteBeforeReplace => await ReplaceDeletingFirstAsync(verdict, provider),
            StepOp.Replace => await executor.CreateAsync(
                verdict.Draft, provider, StepOp.CreateReplacement, [new StateChange.MarkDelete(verdict.Was ?? verdict.Draft.Urn)], null),
            _ => await executor.CreateAsync(verdict.Draft, provider, StepOp.Create, [], verdict.Was),
        };
    }

    /// <summary>Records what did not change: only where writing it down changes what is known.</summary>
    public StepResult RecordSame(Verdict verdict)
    {
        if (verdict.Was is not null || verdict.Recorded is null || !StateBuilder.MeansSame(verdict.Draft, verdict.Recorded))
        {
            run.Journal.Post(new JournalEntry.Recorded([new StateChange.Put(verdict.Draft, verdict.Was)]));
        }

        return new StepResult.Succeeded(verdict.Draft);
    }

    private async Task<StepResult> ImportAsync(Verdict verdict, ResourceState imported, IResourceProvider provider)
    {
        var now = run.Clock.GetUtcNow();
        run.Events.Post(new EngineEvent.StepStarted(imported.Urn, StepOp.Import));
        await run.Journal.AppendAsync(new JournalEntry.Recorded([new StateChange.Put(imported with { Created = now, Modified = now })]));
        run.Events.Post(new EngineEvent.StepFinished(imported.Urn, StepOp.Import, TimeSpan.Zero, imported));
        return verdict.Decision.Changes.IsEmpty
            ? new StepResult.Succeeded(imported)
            : await executor.UpdateAsync(imported, verdict.Draft, provider, verdict.Diff, null);
    }

    private async Task<StepResult> ReplaceDeletingFirstAsync(Verdict verdict, IResourceProvider provider)
    {
        if (!verdict.OldIsDeleted && verdict.Old is { } old)
        {
            var going = await deletes.RunAsync([.. verdict.Ahead.Append(old).Select(state => new DeleteStep(
                state, StepOp.DeleteReplaced, !state.RetainOnDelete, new StateChange.MarkPendingReplacement(state.Urn)))]);
            foreach (var (_, result) in going)
            {
                if (result is not StepResult.Succeeded)
                {
                    return result is StepResult.Failed ? result : new StepResult.Skipped("something that depends on it could not be deleted");
                }
            }
        }

        return await executor.CreateAsync(verdict.Draft, provider, StepOp.CreateReplacement, [], verdict.Was);
    }
}
