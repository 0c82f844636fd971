using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Planning;

/// <summary>
/// Which recorded resources must go before one that is deleted ahead of its replacement, because they would be replaced with it. Pure
/// but for the provider's diff. Follows Pulumi: an edge through an input counts, a bare dependsOn does not.
/// </summary>
internal sealed class ReplacePlanner
{
    private readonly Dictionary<Urn, ResourceState> _states = [];
    private Dictionary<Urn, List<ResourceState>>? _dependents;

    public ReplacePlanner(IEnumerable<ResourceState> states)
    {
        foreach (var state in states.Where(state => !state.Delete))
        {
            Add(state);
        }
    }

    /// <summary>Takes in a resource that turned out to exist: one that an interrupted run made.</summary>
    public void Add(ResourceState state)
    {
        _states[state.Urn] = state;
        _dependents = null;
    }

    /// <summary>The dependents to delete ahead of <paramref name="root"/>, dependencies first.</summary>
    /// <param name="root">The resource that is replaced.</param>
    /// <param name="isSettled">Resources already dealt with in this run, which are left alone.</param>
    /// <param name="diff">A provider's diff of a state against other inputs; null where nobody can be asked.</param>
    public IReadOnlyList<ResourceState> Dependents(ResourceState root, Func<Urn, bool> isSettled, Func<ResourceState, PropertyMap, DiffResponse?> diff)
    {
        // Most runs delete nothing ahead of anything, and never ask.
        _dependents ??= IndexDependents();
        var replaced = new HashSet<Urn> { root.Urn };
        var ordered = new List<ResourceState>();
        var open = new Queue<Urn>([root.Urn]);
        while (open.TryDequeue(out var urn))
        {
            foreach (var dependent in _dependents.GetValueOrDefault(urn) ?? [])
            {
                if (!replaced.Contains(dependent.Urn) && !isSettled(dependent.Urn) && GoesWith(dependent, replaced, diff))
                {
                    replaced.Add(dependent.Urn);
                    ordered.Add(dependent);
                    open.Enqueue(dependent.Urn);
                }
            }
        }

        return ordered;
    }

    private Dictionary<Urn, List<ResourceState>> IndexDependents()
    {
        var index = new Dictionary<Urn, List<ResourceState>>();
        foreach (var state in _states.Values)
        {
            foreach (var urn in state.References().Distinct())
            {
                if (!index.TryGetValue(urn, out var dependents))
                {
                    index[urn] = dependents = [];
                }

                dependents.Add(state);
            }
        }

        return index;
    }

    private static bool GoesWith(ResourceState dependent, HashSet<Urn> replaced, Func<ResourceState, PropertyMap, DiffResponse?> diff)
    {
        if (!dependent.Custom || dependent.External || dependent.PendingReplacement)
        {
            return false;
        }

        if (dependent.Provider is { } provider && replaced.Contains(provider.Urn)
            || dependent.DeletedWith is { } container && replaced.Contains(container)
            || dependent.ReplaceWith.Any(replaced.Contains))
        {
            return true;
        }

        var affected = dependent.PropertyDependencies.Where(dependency => dependency.Urns.Any(replaced.Contains)).Select(dependency => dependency.Property).ToHashSet(StringComparer.Ordinal);
        if (affected.Count == 0)
        {
            return false;
        }

        // Which values will come out is not known: ask what an unknown in their place would mean.
        var inputs = dependent.Inputs.WithValues((key, value) => affected.Contains(key) ? Blur(value) : value);
        return diff(dependent, inputs) is { } answer && IgnoredChanges.Escalate(answer, dependent.ReplaceOnChanges).Replaces;
    }

    /// <summary>The value with its strings unknown; its shape stays, since a reference sits at a leaf.</summary>
    private static PropertyValue Blur(PropertyValue value) => value switch
    {
        PropertyValue.Map map => map.WithValues((_, member) => Blur(member)),
        PropertyValue.List list => list.WithItems(Blur),
        PropertyValue.Bool or PropertyValue.Null => value,
        _ => PropertyValue.Unknown.Value,
    };
}
