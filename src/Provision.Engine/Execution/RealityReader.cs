using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>
/// Looks at recorded resources, one batch a provider instance, and for what interrupted creates left. Writes nothing: what it saw
/// becomes state with the step that acts on it.
/// </summary>
/// <param name="recorded">The live recorded state of a URN.</param>
internal sealed class RealityReader(RunContext run, Reality reality, Func<Urn, ResourceState?> recorded)
{
    /// <summary>Looks at everything that has to be looked at before planning.</summary>
    /// <returns>False where an endpoint answered with something other than "not there": reality is unknown, so nothing may be planned.</returns>
    public async Task<bool> ReadAllAsync(Snapshot snapshot, bool everything)
    {
        var interrupted = snapshot.PendingOperations.Select(operation => operation.Resource.Urn).ToHashSet();
        var wanted = snapshot.Resources
            .Where(state => IsReadable(state) && (everything || interrupted.Contains(state.Urn)) && run.Selection.Includes(state.Urn, state.Custom))
            .ToLookup(state => state.Provider);
        var pending = snapshot.PendingOperations
            .Where(operation => operation.Kind is PendingKind.Creating or PendingKind.Importing && operation.Resource.Provider is not null)
            .ToLookup(operation => operation.Resource.Provider, operation => operation.Resource);
        var references = wanted.Select(group => group.Key).Union(pending.Select(group => group.Key)).OfType<ProviderReference>().ToList();
        if (references.Count == 0)
        {
            return true;
        }

        var count = wanted.Sum(states => states.Count());
        var started = run.Clock.GetTimestamp();
        run.Events.Post(new EngineEvent.ReadStarted(count));
        var read = await Task.WhenAll(references.Select(reference => ReadAsync(
            reference, run.Providers.Find(reference), [.. wanted[reference]], [.. pending[reference]])));
        var drifted = reality.Observations.Values.Count(seen => seen is Observation.Gone or Observation.Seen { Changed: true });
        run.Events.Post(new EngineEvent.ReadFinished(count, drifted, run.Clock.GetElapsedTime(started)));
        return read.All(ok => ok);
    }

    /// <summary>Looks at the resources of one provider instance.</summary>
    public async Task<bool> ReadAsync(
        ProviderReference reference, IResourceProvider? provider, IReadOnlyList<ResourceState> states, IReadOnlyList<ResourceState> interrupted)
    {
        if (provider is null)
        {
            run.Events.Raise(EngineDiagnostics.NoProvider(states.Concat(interrupted).First().Urn, reference.Urn.Type.Package));
            return false;
        }

        try
        {
            using var room = await run.Slots.EnterAsync(provider.SlotOf(reference.Urn.Type, "read"), run.Tokens.Stop);
            if (states.Count > 0)
            {
                var answers = await provider.ReadAsync(
                    [.. states.Select(state => new ReadRequest(state.Urn, state.Id, state.Inputs, state.Outputs))], run.Tokens.Stop);
                for (var i = 0; i < states.Count; i++)
                {
                    reality.Observations[states[i].Urn] = Observe(states[i], answers[i]);
                }
            }

            foreach (var intended in interrupted)
            {
                if (await provider.FindAsync(
                    new FindRequest(intended.Urn, intended.Inputs) { KnownId = recorded(intended.Urn)?.Id }, run.Tokens.Stop) is { } found)
                {
                    var outputs = StateBuilder.KeepSecrets(found.Outputs, intended.Inputs, intended.AdditionalSecretOutputs);
                    reality.Leftovers[intended.Urn] = new Leftover(intended with { Id = found.Id, Outputs = outputs }, found.Complete);
                }
            }

            reality.Unreachable.TryRemove(reference.Urn, out _);
            return true;
        }
        catch (ProviderException failure) when (failure.Failure == ProviderFailure.Unreachable)
        {
            // Not an error yet: the same run may be about to bring the endpoint up.
            reality.Unreachable[reference.Urn] = failure;
            foreach (var state in states)
            {
                reality.Observations[state.Urn] = new Observation.Unreachable(failure);
            }

            return true;
        }
        catch (ProviderException failure)
        {
            run.Events.Raise(EngineDiagnostics.ReadFailed(reference.Urn, failure.Message, failure.Remedy));
            return false;
        }
        catch (OperationCanceledException) when (run.Tokens.Stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Looks at an object that a goal asks to import; null, or why it cannot be looked at.</summary>
    public async Task<Diagnostic?> ReadImportAsync(Urn urn, string id, ProviderReference reference)
    {
        if (run.Providers.Find(reference) is not { } provider)
        {
            return Raised(EngineDiagnostics.NoProvider(urn, urn.Type.Package));
        }

        try
        {
            var answers = await provider.ReadAsync([new ReadRequest(urn, id, PropertyMap.Empty, PropertyMap.Empty)], run.Tokens.Stop);
            reality.Imports[urn] = answers[0];
            return null;
        }
        catch (ProviderException failure)
        {
            return Raised(EngineDiagnostics.ReadFailed(reference.Urn, failure.Message, failure.Remedy));
        }
        catch (OperationCanceledException) when (run.Tokens.Stop.IsCancellationRequested)
        {
            return Raised(EngineDiagnostics.ReadFailed(reference.Urn, "the run was stopped", null));
        }

        Diagnostic Raised(Diagnostic diagnostic)
        {
            run.Events.Raise(diagnostic);
            return diagnostic;
        }
    }

    private static bool IsReadable(ResourceState state) =>
        state is { Custom: true, Delete: false, PendingReplacement: false, External: false, Provider: not null };

    private static Observation Observe(ResourceState state, ReadResponse answer) => answer switch
    {
        ReadResponse.Found found => Seen(state, found),
        _ => Observation.Gone.Value,
    };

    private static Observation.Seen Seen(ResourceState state, ReadResponse.Found found)
    {
        var outputs = StateBuilder.KeepSecrets(found.Outputs, state.Inputs, state.AdditionalSecretOutputs);
        return new Observation.Seen(
            state with { Id = found.Id, Outputs = outputs, Inputs = found.Inputs ?? state.Inputs },
            found.Id != state.Id || !outputs.Equals(state.Outputs) || found.Inputs is not null && !found.Inputs.Equals(state.Inputs));
    }
}
