using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Makes a snapshot that breaks rules one that keeps them.</summary>
internal static class StateRepair
{
    public static StateEdit Run(Snapshot snapshot)
    {
        List<Diagnostic> diagnostics = [];
        var states = DropSurplus(snapshot.Resources, diagnostics);
        var known = states.Select(state => state.Urn).ToHashSet();
        states = [.. states.Select(state => StateReferences.Drop(state, urn => known.Contains(urn) && urn != state.Urn, diagnostics))];
        states = DropProviders(states, diagnostics);
        var (sorted, cycle) = Sort(states);
        if (cycle is { } urn)
            return new StateEdit(snapshot, [StateDiagnostics.CycleFound(urn)]);

        return new StateEdit(snapshot with { Resources = sorted, UnknownMembers = WithoutIntegrityError(snapshot.UnknownMembers) }, [.. diagnostics]);
    }

    /// <summary>Nameless states, and all but the first live one of a URN; components lose ids they cannot have.</summary>
    private static List<ResourceState> DropSurplus(ImmutableArray<ResourceState> states, List<Diagnostic> diagnostics)
    {
        var live = new HashSet<Urn>();
        List<ResourceState> kept = [];
        foreach (var state in states)
        {
            if (state.Urn == Urn.None || state.Type.Token.Length == 0)
                diagnostics.Add(StateDiagnostics.StateDropped(state.Urn, "it has no URN or no type."));
            else if (!state.Delete && !live.Add(state.Urn))
                diagnostics.Add(StateDiagnostics.StateDropped(state.Urn, "it is in the state twice; the first, which is the newer, stays."));
            else
                kept.Add(state.Custom ? state : state with { Id = "" });
        }

        return kept;
    }

    private static List<ResourceState> DropProviders(List<ResourceState> states, List<Diagnostic> diagnostics)
    {
        var providers = states.Where(state => state.Type.IsProvider).Select(state => new ProviderReference(state.Urn, state.Id)).ToHashSet();
        return
        [
            .. states.Select(state =>
            {
                if (state.Provider is not { } provider || providers.Contains(provider))
                    return state;

                diagnostics.Add(StateDiagnostics.ReferenceDropped(state.Urn, provider.Urn));
                return state with { Provider = null };
            }),
        ];
    }

    /// <summary>Depth first in the present order, so that only what stands wrongly moves. Without recursion: chains may be long.</summary>
    private static (ImmutableArray<ResourceState> Sorted, Urn? Cycle) Sort(List<ResourceState> states)
    {
        var byUrn = states.Select((state, index) => (state.Urn, index)).ToLookup(entry => entry.Urn, entry => entry.index);
        var mark = new byte[states.Count];
        var sorted = ImmutableArray.CreateBuilder<ResourceState>(states.Count);
        var path = new Stack<(int Index, IEnumerator<int> Needs)>();
        for (var start = 0; start < states.Count; start++)
        {
            if (mark[start] == 0)
                Enter(start);
            while (path.TryPeek(out var top))
            {
                if (!top.Needs.MoveNext())
                {
                    mark[top.Index] = 2;
                    sorted.Add(states[top.Index]);
                    path.Pop();
                }
                else if (mark[top.Needs.Current] == 1)
                {
                    return ([], states[top.Needs.Current].Urn);
                }
                else if (mark[top.Needs.Current] == 0)
                {
                    Enter(top.Needs.Current);
                }
            }
        }

        return (sorted.MoveToImmutable(), null);

        void Enter(int index)
        {
            mark[index] = 1;
            path.Push((index, Needs(index).GetEnumerator()));
        }

        IEnumerable<int> Needs(int index) => states[index].References().SelectMany(urn => byUrn[urn]).Where(other => states[other].Urn != states[index].Urn);
    }

    private static ImmutableSortedDictionary<string, JsonElement> WithoutIntegrityError(ImmutableSortedDictionary<string, JsonElement> members)
    {
        if (!members.TryGetValue("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object || !metadata.TryGetProperty("integrity_error", out _))
            return members;

        var text = CanonicalJsonWriter.ToText(json =>
        {
            json.StartObject();
            foreach (var member in metadata.EnumerateObject().Where(member => member.Name != "integrity_error"))
            {
                json.Name(member.Name);
                json.Element(member.Value);
            }

            json.EndObject();
        });
        using var document = JsonDocument.Parse(text);
        return members.SetItem("metadata", document.RootElement.Clone());
    }
}
