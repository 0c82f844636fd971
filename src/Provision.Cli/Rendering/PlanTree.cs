using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>A resource of a plan and what stands below it.</summary>
internal sealed class PlanNode(PlannedStep step)
{
    public PlannedStep Step { get; } = step;

    public List<PlanNode> Children { get; } = [];
}

/// <summary>A plan's steps as the tree of their parents.</summary>
internal static class PlanTree
{
    /// <summary>The nodes directly below the stack. Only what is shown and what leads to it is in the tree.</summary>
    public static IReadOnlyList<PlanNode> Build(Plan plan, Func<PlannedStep, bool> isShown)
    {
        var nodes = new Dictionary<Urn, PlanNode>(plan.Steps.Length);
        foreach (var step in plan.Steps)
        {
            // Of a URN's two steps (a replaced one that is still to be deleted) the first is the live one.
            nodes.TryAdd(step.Urn, new PlanNode(step));
        }

        var parents = plan.Steps.Select(step => step.Urn).Distinct()
            .ToDictionary(urn => urn, urn => ParentOf(nodes[urn].Step));
        var needed = new HashSet<Urn>();
        foreach (var step in plan.Steps.Where(isShown))
        {
            for (Urn? at = step.Urn; at is { } urn && nodes.ContainsKey(urn) && needed.Add(urn); at = parents[urn])
            {
            }
        }

        var roots = new List<PlanNode>();
        foreach (var step in plan.Steps.Where(step => needed.Remove(step.Urn) && step.Urn.Type != ResourceType.Stack))
        {
            var node = nodes[step.Urn];
            var siblings = parents[step.Urn] is { } parent && nodes.TryGetValue(parent, out var above) && parent.Type != ResourceType.Stack
                ? above.Children
                : roots;
            siblings.Add(node);
        }

        return roots;
    }

    /// <summary>Where the step stands: as it says, as was recorded, or what its dependencies and its URN's types tell.</summary>
    public static Urn? ParentOf(PlannedStep step)
    {
        if ((step.Parent ?? step.Old?.Parent) is { } parent)
        {
            return parent;
        }

        var types = step.Urn.QualifiedType;
        var at = types.LastIndexOf('$');
        if (at < 0)
        {
            return null;
        }

        foreach (var dependency in step.Dependencies)
        {
            if (dependency.QualifiedType == types[..at])
            {
                return dependency;
            }
        }

        return null;
    }
}
