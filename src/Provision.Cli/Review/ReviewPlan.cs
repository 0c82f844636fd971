using Provision.Cli.Rendering;
using Provision.Engine.Comparison;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Review;

/// <summary>Takes out of a plan what a report must not hold, and what no view of it needs; what stands for the unknown is unknown again. Pure.</summary>
internal static class ReviewPlan
{
    public static Plan Of(Plan plan) => plan with { Steps = [.. plan.Steps.Select(Of)], Outputs = Hidden(plan.Outputs) };

    private static PlannedStep Of(PlannedStep step) => step with
    {
        Changes =
        [
            .. step.Changes.Select(change =>
            {
                var (old, fresh) = SecretMask.Of(step, change);
                return change with { Old = Hidden(old), New = Hidden(fresh) };
            }),
        ],
        Inputs = step is { Op: StepOp.Create, Inputs: { } inputs } ? Hidden(PropertyMap.From(inputs.Where(input => !StampReading.IsStamp(input.Key)))) : null,
        Old = step.Old is { } old
            ? new ResourceState
            {
                Urn = old.Urn,
                Custom = old.Custom,
                Parent = old.Parent,
                Protect = old.Protect,
                RetainOnDelete = old.RetainOnDelete,
                DeletedWith = old.DeletedWith,
                Dependencies = old.Dependencies,
                Outputs = old.Type == ResourceType.Stack ? Hidden(old.Outputs) : PropertyMap.Empty,
            }
            : null,
    };

    private static PropertyMap Hidden(PropertyMap map) => PropertyMap.From(map.Select(entry => KeyValuePair.Create(entry.Key, Hidden(entry.Value) ?? PropertyValue.Null.Value)));

    private static PropertyValue? Hidden(PropertyValue? value) => value switch
    {
        PropertyValue.Secret => new PropertyValue.Secret(PropertyValue.Null.Value),
        PropertyValue.String text when GoalComparison.IsStandIn(text.Value) => PropertyValue.Unknown.Value,
        PropertyValue.List list => PropertyValue.ListOf(list.Items.Select(item => Hidden(item) ?? PropertyValue.Null.Value)),
        PropertyValue.Map map => Hidden(map.Properties),
        _ => value,
    };
}
