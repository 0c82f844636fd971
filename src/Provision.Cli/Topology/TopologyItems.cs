using Provision.Cli.Rendering;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Topology;

/// <summary>What a picture is made of, from a definition or from a plan.</summary>
internal static class TopologyItems
{
    public static IEnumerable<TopologyItem> Of(IEnumerable<ResourceGoal> goals) => goals.Select(goal =>
    {
        var uses = new SortedSet<Urn>();
        Collect(new PropertyValue.Map(goal.Inputs), uses);
        return new TopologyItem(goal.Urn, goal.Parent, [.. uses]);
    });

    /// <summary>Of a resource's two steps (a replaced one that is still to be deleted) the first is the live one.</summary>
    public static IEnumerable<TopologyItem> Of(Plan plan) =>
        plan.Steps.DistinctBy(step => step.Urn).Select(step => new TopologyItem(step.Urn, PlanTree.ParentOf(step), step.Dependencies, ChangeOf(step)));

    internal static TopologyChange ChangeOf(PlannedStep step) => step.Op switch
    {
        StepOp.Same or StepOp.Read or StepOp.Refresh => TopologyChange.Unchanged,
        StepOp.Create or StepOp.CreateReplacement or StepOp.Import => TopologyChange.Create,
        StepOp.Replace => TopologyChange.Replace,
        StepOp.Delete or StepOp.DeleteReplaced or StepOp.Discard => TopologyChange.Delete,
        _ => step.Apply switch
        {
            ApplyClass.Restart => TopologyChange.Restart,
            ApplyClass.Replace => TopologyChange.Replace,
            _ => TopologyChange.Live,
        },
    };

    // What is in a secret is nobody's place on a network.
    private static void Collect(PropertyValue value, SortedSet<Urn> uses)
    {
        switch (value)
        {
            case PropertyValue.Reference reference:
                uses.Add(reference.Urn);
                break;
            case PropertyValue.Join join:
                foreach (var part in join.Parts)
                {
                    Collect(part, uses);
                }

                break;
            case PropertyValue.List list:
                foreach (var item in list.Items)
                {
                    Collect(item, uses);
                }

                break;
            case PropertyValue.Map map:
                foreach (var (_, item) in map.Properties)
                {
                    Collect(item, uses);
                }

                break;
        }
    }
}
