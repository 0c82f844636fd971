using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Comparison;

/// <summary>
/// What resources that were never made are assumed to report: what was asked of them, and for each further output that some goal refers to a
/// text that stands for it, <c>${docker:Container db.networkDatas[0].ipAddress}</c>. The same output has the same text on both sides of a comparison, so
/// that what uses it differs only where something about it does.
/// </summary>
internal sealed class AssumedOutputs
{
    /// <summary>What every stand-in holds.</summary>
    public const string Mark = "${";

    private readonly IReadOnlyDictionary<Urn, PropertyPath[]> _paths;

    private AssumedOutputs(IReadOnlyDictionary<Urn, PropertyPath[]> paths) => _paths = paths;

    /// <summary>Outputs for all that the goals refer to.</summary>
    public static AssumedOutputs For(IEnumerable<ResourceGoal> goals)
    {
        var paths = new Dictionary<Urn, HashSet<PropertyPath>>();
        foreach (var goal in goals)
        {
            PropertyReferences.Visit(goal.Inputs, Add);
            PropertyReferences.Visit(goal.ComponentOutputs ?? PropertyMap.Empty, Add);
        }

        return new AssumedOutputs(paths.ToDictionary(entry => entry.Key, entry => entry.Value.Order().ToArray()));

        void Add(PropertyValue.Reference reference)
        {
            if (!paths.TryGetValue(reference.Urn, out var known))
            {
                paths[reference.Urn] = known = [];
            }

            known.Add(reference.Path);
        }
    }

    /// <summary>The state that a resource is assumed to have once it is made as was decided.</summary>
    public ResourceState StateOf(ResourceState decided, IResourceProvider provider) => decided with
    {
        Id = StandIn(decided.Urn, PropertyPath.Of("id"), provider),
        Outputs = Of(decided.Urn, decided.Inputs, provider),
    };

    private PropertyMap Of(Urn urn, PropertyMap inputs, IResourceProvider provider)
    {
        PropertyValue outputs = inputs;
        foreach (var path in _paths.GetValueOrDefault(urn, []).Where(path => !path.Segments.IsEmpty))
        {
            if (path.Find(outputs) is null or PropertyValue.Null)
            {
                outputs = Set(outputs, path.Segments.AsSpan(), StandIn(urn, path, provider));
            }
        }

        return ((PropertyValue.Map)outputs).Properties;
    }

    private static string StandIn(Urn urn, PropertyPath path, IResourceProvider provider) =>
        provider.StandIn(urn.Type, path, $"{Mark}{urn.Type.Package}:{urn.Type.Name} {urn.Name}.{path}}}");

    /// <summary>The value with another at the path; maps and lists on the way are made where there is nothing.</summary>
    private static PropertyValue Set(PropertyValue? at, ReadOnlySpan<PropertyPath.Segment> path, string leaf)
    {
        if (path.IsEmpty)
        {
            return leaf;
        }

        if (at is PropertyValue.Secret secret)
        {
            return new PropertyValue.Secret(Set(secret.Reveal(), path, leaf));
        }

        if (path[0].Key is { } key)
        {
            var members = at is PropertyValue.Map map ? map.Properties : PropertyMap.Empty;
            return members.With(key, Set(members.Find(key), path[1..], leaf));
        }

        var items = at is PropertyValue.List list ? list.Items : [];
        while (items.Length <= path[0].Index)
        {
            items = items.Add(PropertyMap.Empty);
        }

        return new PropertyValue.List(items.SetItem(path[0].Index, Set(items[path[0].Index], path[1..], leaf)));
    }
}
