using System.Collections.Immutable;
using Provision.Cli.Rendering;
using Provision.Cli.Workloads;
using Provision.Engine.Comparison;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Model.Policies;

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
                return step.Urn.Type == Workload.Container && change.Path.Top == "image"
                    ? change with { Old = ImageIn(step.Old?.Dependencies ?? []) ?? Hidden(old), New = ImageIn(step.Dependencies) ?? Hidden(fresh) }
                    : change with { Old = Hidden(old), New = Hidden(fresh) };
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

    /// <summary>A container refers to its image by an id that nobody knows; what people know is the name that the image's resource has on its host.</summary>
    private static PropertyValue? ImageIn(ImmutableArray<Urn> dependencies)
    {
        foreach (var urn in dependencies)
        {
            if (urn.Type.Token is ResourceTypes.RegistryImage or ResourceTypes.BuiltImage)
            {
                return urn.Name[(urn.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            }
        }

        return null;
    }

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
