using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>
/// One step: a begin entry made durable, a provider call, an outcome entry made durable. Decides nothing.
/// </summary>
internal sealed class StepExecutor(RunContext run)
{
    /// <param name="draft">The state to be, without id and outputs.</param>
    /// <param name="provider">Who makes it.</param>
    /// <param name="op">Create or create-replacement.</param>
    /// <param name="before">Changes recorded together with the new state, such as marking the old one for deletion.</param>
    /// <param name="was">The URN it had until now.</param>
    public Task<StepResult> CreateAsync(ResourceState draft, IResourceProvider provider, StepOp op, ImmutableArray<StateChange> before, Urn? was) =>
        CallAsync(draft, provider, op, PendingKind.Creating, "create", draft.CustomTimeouts?.Create,
            async (progress, token) =>
            {
                var response = await provider.CreateAsync(new CreateRequest(draft.Urn, draft.Inputs, draft.CustomTimeouts?.Create, progress), token);
                return Stamp(draft with { Id = response.Id }, response.Outputs, created: true);
            },
            state => [.. before, new StateChange.Put(state, was)],
            partial => Stamp(draft with { Id = partial.Id, InitErrors = partial.Reasons }, partial.Outputs, created: true));

    /// <param name="old">What is there.</param>
    /// <param name="draft">The state to be, with the old id and outputs.</param>
    public Task<StepResult> UpdateAsync(ResourceState old, ResourceState draft, IResourceProvider provider, DiffResponse diff, Urn? was) =>
        CallAsync(draft, provider, StepOp.Update, PendingKind.Updating, "update", draft.CustomTimeouts?.Update,
            async (progress, token) =>
            {
                var response = await provider.UpdateAsync(
                    new UpdateRequest(draft.Urn, old.Id, old.Inputs, old.Outputs, draft.Inputs, diff, draft.CustomTimeouts?.Update, progress), token);
                return Stamp(draft, response.Outputs, created: false);
            },
            state => [new StateChange.Put(state, was)],
            // The old inputs stay, so that the next run sees the difference again.
            partial => Stamp(draft with { Id = partial.Id, Inputs = old.Inputs, InitErrors = partial.Reasons }, partial.Outputs, created: false));

    /// <param name="after">What the delete means for the state: removed, or waiting for its replacement.</param>
    public async Task<StepResult> DeleteAsync(ResourceState state, IResourceProvider provider, StepOp op, StateChange after)
    {
        var result = await CallAsync(state, provider, op, PendingKind.Deleting, "delete", state.CustomTimeouts?.Delete,
            async (progress, token) =>
            {
                await provider.DeleteAsync(new DeleteRequest(state.Urn, state.Id, state.Inputs, state.Outputs, state.CustomTimeouts?.Delete, progress), token);
                return state;
            },
            _ => [after],
            partial => state with { Outputs = partial.Outputs, InitErrors = partial.Reasons });
        return result is StepResult.Succeeded ? new StepResult.Succeeded(null) : result;
    }

    private ResourceState Stamp(ResourceState state, PropertyMap outputs, bool created)
    {
        var now = run.Clock.GetUtcNow();
        return state with
        {
            Outputs = StateBuilder.KeepSecrets(outputs, state.Inputs, state.AdditionalSecretOutputs),
            Created = created ? now : state.Created,
            Modified = now,
        };
    }

    private async Task<StepResult> CallAsync(
        ResourceState subject,
        IResourceProvider provider,
        StepOp op,
        PendingKind kind,
        string operation,
        TimeSpan? limit,
        Func<IStepProgress, CancellationToken, Task<ResourceState>> callAsync,
        Func<ResourceState, ImmutableArray<StateChange>> onSuccess,
        Func<Remainder.Partial, ResourceState> onPartial)
    {
        IDisposable room;
        try
        {
            room = await run.Slots.EnterAsync(provider.SlotOf(subject.Type, operation), run.Tokens.Stop);
        }
        catch (OperationCanceledException)
        {
            return new StepResult.Skipped("the run was stopped");
        }

        using var occupied = room;
        if (run.IsStopping)
        {
            return new StepResult.Skipped(run.Journal.Failure is null ? "the run was stopped" : "it could not be recorded");
        }

        if (subject.Provider is { } instance && run.Lost.ContainsKey(instance))
        {
            return new StepResult.Skipped("its endpoint does not answer any more");
        }

        var id = run.NextOperation();
        try
        {
            await run.Journal.AppendAsync(new JournalEntry.Begin(id, kind, subject));
        }
#pragma warning disable CA1031 // The writer keeps the failure, and the run reports it once; here it only means: not begun.
        catch (Exception)
#pragma warning restore CA1031
        {
            return new StepResult.Skipped("it could not be recorded");
        }

        var started = run.Clock.GetTimestamp();
        run.Events.Post(new EngineEvent.StepStarted(subject.Urn, op));
        using var timeout = limit is { } time ? new CancellationTokenSource(time, run.Clock) : new CancellationTokenSource();
        using var token = CancellationTokenSource.CreateLinkedTokenSource(run.Tokens.Cancel, timeout.Token);
        try
        {
            var state = await callAsync(run.Events.ProgressOf(subject.Urn, op), token.Token);
            await EndAsync(id, onSuccess(state));
            run.Events.Post(new EngineEvent.StepFinished(subject.Urn, op, run.Clock.GetElapsedTime(started), state));
            return new StepResult.Succeeded(state);
        }
        catch (OperationCanceledException) when (run.Tokens.Cancel.IsCancellationRequested)
        {
            // No end entry on purpose: the next run must look at what became of the call.
            return new StepResult.Skipped("it was abandoned");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Fail(EngineDiagnostics.TimedOut(subject.Urn, op.Name(), limit ?? default));
        }
        catch (ProviderException failure)
        {
            // Only a delete is sure to talk to the endpoint alone: a create may have failed to reach a registry.
            if (failure.Failure == ProviderFailure.Unreachable && kind == PendingKind.Deleting && subject.Provider is { } lost)
            {
                run.Lost[lost] = true;
            }

            return Fail(await EndFailedAsync(id, subject.Urn, op, failure, onPartial));
        }
#pragma warning disable CA1031 // A provider's bug is this resource's failure, not the run's; what it left is unknown, so the operation stays pending.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            return Fail(EngineDiagnostics.ProviderBug(subject.Urn, op.Name(), bug));
        }

        StepResult.Failed Fail(Diagnostic diagnostic)
        {
            run.Events.RaiseFailure(subject.Urn, op, run.Clock.GetElapsedTime(started), diagnostic);
            return new StepResult.Failed(diagnostic);
        }
    }

    private async Task<Diagnostic> EndFailedAsync(
        long id, Urn urn, StepOp op, ProviderException failure, Func<Remainder.Partial, ResourceState> onPartial)
    {
        var left = "";
        switch (failure.Remainder)
        {
            case Remainder.Untouched:
                await EndAsync(id, []);
                break;
            case Remainder.Partial partial:
                await EndAsync(id, [new StateChange.Put(onPartial(partial))]);
                left = " It exists, unfinished; the next run takes it up.";
                break;
            default:
                left = " What it left behind is not known; the next run looks.";
                break;
        }

        return failure.Failure == ProviderFailure.Timeout
            ? EngineDiagnostics.WaitedInVain(urn, op.Name(), failure.Message, failure.Remedy, left)
            : EngineDiagnostics.StepFailed(urn, op.Name(), failure.Message, failure.Remedy, left);
    }

    private async Task EndAsync(long id, ImmutableArray<StateChange> changes)
    {
        try
        {
            await run.Journal.AppendAsync(new JournalEntry.End(id, changes));
        }
#pragma warning disable CA1031 // The deed is done; the writer keeps it in memory and the run reports that it could not be stored.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
