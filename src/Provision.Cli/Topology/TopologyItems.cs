using Provision.Cli.Rendering;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Topology;

/// <summary>What a picture is made of, from a definition or from a plan.</summary>
internal static class TopologyItems
{
    public static IEnumerable<TopologyItem> Of(IEnumerable<ResourceGoal> goals) => goals.Select(goal =>
    {
        var uses = new SortedSet<Urn>();
        PropertyReferences.Visit(goal.Inputs, reference => uses.Add(reference.Urn));
        return new TopologyItem(goal.Urn, goal.Parent, [.. uses]);
    });

    /// <summary>Of a resource's two steps (a replaced one that is still to be deleted) the first is the live one.</summary>
    public static IEnumerable<TopologyItem> Of(Plan plan) =>
        plan.Steps.DistinctBy(step => step.Urn).Select(step => new TopologyItem(step.Urn, PlanTree.ParentOf(step), step.Dependencies, ChangeOf(step)));

    internal static TopologyChange ChangeOf(PlannedStep step) => Effects.Of(step) switch
    {
        null => TopologyChange.Unchanged,
        Effect.Create => TopologyChange.Create,
        Effect.Live => TopologyChange.Live,
        Effect.Restart => TopologyChange.Restart,
        Effect.Replace => TopologyChange.Replace,
        _ => TopologyChange.Delete,
    };
}
