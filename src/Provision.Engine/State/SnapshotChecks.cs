using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>
/// The rules every snapshot keeps: states are named, components have no id, whatever a state refers to stands before it, and at most one
/// state of a URN is live. Pure, and linear in states and references.
/// </summary>
public static class SnapshotChecks
{
    /// <summary>All violations; none means the snapshot is sound.</summary>
    public static ImmutableArray<Diagnostic> Run(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        var all = snapshot.Resources.Select(state => state.Urn).ToHashSet();
        var earlier = new HashSet<Urn>();
        var live = new HashSet<Urn>();
        var providers = new HashSet<ProviderReference>();
        for (var index = 0; index < snapshot.Resources.Length; index++)
        {
            var state = snapshot.Resources[index];
            if (state.Urn == Urn.None)
            {
                found.Add(StateDiagnostics.StateWithoutUrn(index));
                continue;
            }

            var type = state.Type;
            if (type.Token.Length == 0)
                found.Add(StateDiagnostics.StateWithoutType(state.Urn));
            if (!state.Custom && state.Id.Length > 0)
                found.Add(StateDiagnostics.ComponentWithId(state.Urn, state.Id));
            if (state.Provider is { } provider && !providers.Contains(provider))
                found.Add(StateDiagnostics.ProviderMissing(state.Urn, provider, all.Contains(provider.Urn)));

            CheckReferences(state, earlier, all, found);

            if (!state.Delete && !live.Add(state.Urn))
                found.Add(StateDiagnostics.TwoLiveStates(state.Urn));
            earlier.Add(state.Urn);
            if (type.IsProvider)
                providers.Add(new ProviderReference(state.Urn, state.Id));
        }

        return found.ToImmutable();
    }

    private static void CheckReferences(ResourceState state, HashSet<Urn> earlier, HashSet<Urn> all, ImmutableArray<Diagnostic>.Builder found)
    {
        // What is itself about to be deleted may refer to what was deleted already.
        if (state.Delete)
            return;

        HashSet<Urn>? reported = null;
        foreach (var urn in state.References())
        {
            if (earlier.Contains(urn) || urn == state.Provider?.Urn || !(reported ??= []).Add(urn))
                continue;

            found.Add(all.Contains(urn) ? StateDiagnostics.ReferenceToLater(state.Urn, urn) : StateDiagnostics.ReferenceToNothing(state.Urn, urn));
        }
    }
}
