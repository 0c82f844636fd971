using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Moves resources between two stacks' snapshots.</summary>
internal sealed class StateMoving(Snapshot source, Snapshot target, StackName stack)
{
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly Dictionary<Urn, Urn> _renamed = [];
    private readonly Dictionary<ProviderReference, ProviderReference> _providers = [];
    private readonly List<ResourceState> _arriving = [];

    public StateMove Run(ImmutableArray<Urn> urns)
    {
        var known = source.Resources.Select(state => state.Urn).ToHashSet();
        foreach (var urn in urns)
        {
            if (!known.Contains(urn))
                _diagnostics.Add(StateDiagnostics.EditFindsNothing(urn));
            else if (urn.Type == ResourceType.Stack)
                _diagnostics.Add(StateDiagnostics.MoveOfStack(urn));
        }

        if (_diagnostics.Count > 0)
            return Refuse();

        // Parents stand before their children: one pass finds everything below.
        var moving = urns.ToHashSet();
        foreach (var state in source.Resources)
        {
            if (state.Parent is { } parent && moving.Contains(parent))
                moving.Add(state.Urn);
        }

        var root = Root(moving);
        foreach (var state in source.Resources)
        {
            if (moving.Contains(state.Urn))
                Arrive(state, root, moving);
        }

        var taken = target.Resources.Where(state => !state.Delete).Select(state => state.Urn).ToHashSet();
        _diagnostics.AddRange(moving.Select(urn => _renamed[urn]).Where(taken.Contains).Select(StateDiagnostics.EditNameTaken));
        if (_diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error))
            return Refuse();

        var staying = source.Resources.Where(state => !moving.Contains(state.Urn)).ToList();
        return new StateMove(
            source with { Resources = [.. staying.Select(state => Stay(state, moving))] },
            target with { Resources = [.. target.Resources, .. _arriving] },
            [.. _diagnostics]);
    }

    private StateMove Refuse() => new(source, target, [.. _diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error)]);

    /// <summary>The target's root, made where there is none yet.</summary>
    private Urn Root(HashSet<Urn> moving)
    {
        var root = Urn.OfStack(stack.Name, stack.Project);
        if (!target.Resources.Any(state => state.Urn == root))
            _arriving.Add(new ResourceState { Urn = root, Custom = false });
        foreach (var state in source.Resources.Where(state => state.Urn.Type == ResourceType.Stack && !moving.Contains(state.Urn)))
            _renamed[state.Urn] = root;
        return root;
    }

    private void Arrive(ResourceState state, Urn root, HashSet<Urn> moving)
    {
        if (state.Provider is { } provider && !moving.Contains(provider.Urn))
            CopyProvider(provider, root);

        var parent = state.Parent is { } old && moving.Contains(old) ? _renamed[old] : root;
        _renamed[state.Urn] = Urn.Create(stack.Name, stack.Project, parent, state.Urn.Type, state.Urn.Name);
        var kept = StateReferences.Drop(state, urn => moving.Contains(urn) || urn.Type == ResourceType.Stack, Warnings(state));
        var moved = UrnRewriting.Apply(SecretValues.Detach(kept), urn => _renamed.GetValueOrDefault(urn, urn));
        var handler = moved.Provider is { } by && _providers.TryGetValue(by, out var there) ? there : moved.Provider;
        _arriving.Add(moved with { Parent = parent, Provider = handler });
    }

    /// <summary>A lost parent is no loss: the root takes its place.</summary>
    private List<Diagnostic> Warnings(ResourceState state)
    {
        foreach (var urn in state.References().Distinct().Where(urn => urn != state.Parent && urn != state.Provider?.Urn))
        {
            if (!_renamed.ContainsKey(urn))
                _diagnostics.Add(StateDiagnostics.ReferenceDropped(state.Urn, urn));
        }

        return [];
    }

    private void CopyProvider(ProviderReference provider, Urn root)
    {
        if (_renamed.ContainsKey(provider.Urn)
            || source.Resources.FirstOrDefault(state => state.Urn == provider.Urn && state.Id == provider.Id) is not { } state)
        {
            return;
        }

        var urn = Urn.Create(stack.Name, stack.Project, null, state.Urn.Type, state.Urn.Name);
        _renamed[provider.Urn] = urn;
        var there = target.Resources.FirstOrDefault(other => other.Urn == urn && !other.Delete);
        if (there is null)
        {
            var copy = StateReferences.Drop(state, _ => false, []);
            _arriving.Add(SecretValues.Detach(copy) with { Urn = urn, Parent = state.Parent is null ? null : root });
        }
        else if (there.Inputs.Equals(state.Inputs))
        {
            // The same provider, with an id of its own; references carry ids.
            _providers[new ProviderReference(urn, provider.Id)] = new ProviderReference(urn, there.Id);
        }
        else
        {
            _diagnostics.Add(StateDiagnostics.EditNameTaken(urn));
        }
    }

    private ResourceState Stay(ResourceState state, HashSet<Urn> moving) => StateReferences.Drop(state, urn => !moving.Contains(urn), _diagnostics);
}
