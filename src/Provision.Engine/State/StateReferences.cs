using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Takes references out of states.</summary>
internal static class StateReferences
{
    /// <summary>The state without references to what <paramref name="exists"/> denies, each dropped one with a warning. The provider stays.</summary>
    public static ResourceState Drop(ResourceState state, Func<Urn, bool> exists, ICollection<Diagnostic> diagnostics)
    {
        var missing = state.References().Where(urn => urn != state.Provider?.Urn && !exists(urn)).Distinct().ToHashSet();
        if (missing.Count == 0)
            return state;

        foreach (var urn in missing)
            diagnostics.Add(StateDiagnostics.ReferenceDropped(state.Urn, urn));

        return state with
        {
            Parent = state.Parent is { } parent && missing.Contains(parent) ? null : state.Parent,
            DeletedWith = state.DeletedWith is { } container && missing.Contains(container) ? null : state.DeletedWith,
            Dependencies = state.Dependencies.RemoveAll(missing.Contains),
            ReplaceWith = state.ReplaceWith.RemoveAll(missing.Contains),
            PropertyDependencies =
                [.. state.PropertyDependencies.Select(dependency => dependency with { Urns = dependency.Urns.RemoveAll(missing.Contains) })],
        };
    }
}
