using System.Collections.Immutable;
using Provision.Cli.Rendering;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Topology;

/// <summary>What a picture is made of: a resource, where it stands, what it uses, and what happens to it.</summary>
/// <param name="Urn">The resource.</param>
/// <param name="Parent">The component it stands below.</param>
/// <param name="Uses">What it refers to or waits for.</param>
/// <param name="Effect">What is done to it; null where nothing is.</param>
internal sealed record TopologyItem(Urn Urn, Urn? Parent, ImmutableArray<Urn> Uses, Effect? Effect)
{
    /// <summary>Of what a stack should be.</summary>
    public static IEnumerable<TopologyItem> Of(IEnumerable<ResourceGoal> goals) => goals.Select(goal =>
    {
        var uses = new HashSet<Urn>(goal.Options.DependsOn);
        PropertyReferences.Visit(goal.Inputs, reference => uses.Add(reference.Urn));
        return new TopologyItem(goal.Urn, goal.Parent, [.. uses], null);
    });

    /// <summary>Of what would be done.</summary>
    public static IEnumerable<TopologyItem> Of(Plan plan) => plan.Steps.Select(step => new TopologyItem(
        step.Urn, PlanTree.ParentOf(step), step.Dependencies.IsEmpty ? step.Old?.Dependencies ?? [] : step.Dependencies, Effects.Of(step)));
}
