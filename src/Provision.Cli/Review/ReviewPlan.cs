using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
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
    public static Plan Of(Plan plan)
    {
        var outputs = Hidden(plan.Outputs);
        return plan with { Steps = [.. plan.Steps.Select(step => Of(step, outputs))], Outputs = outputs };
    }

    private static PlannedStep Of(PlannedStep step, PropertyMap outputs) => step with
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
        Inputs = step is { Op: StepOp.Create, Inputs: { } inputs } ? Hidden(inputs.Where((input, _) => !StampReading.IsStamp(input))) : null,
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
                Outputs = old.Type == ResourceType.Stack ? OldOutputs(old.Outputs, outputs) : PropertyMap.Empty,
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

    /// <summary>Of an output that nobody knows after the change, the part that was known before tells nothing: it does not change.</summary>
    private static PropertyMap OldOutputs(PropertyMap old, PropertyMap fresh) => old.WithValues((key, value) =>
        value is PropertyValue.String text && fresh.Find(key) is PropertyValue.Unknown && Shown(text.Value) != text.Value ? PropertyValue.Unknown.Value : Hidden(value));

    private static string Shown(string text) => GoalComparison.ReplaceStandIns(text, ValueText.Unknown);

    private static PropertyMap Hidden(PropertyMap map) => map.WithValues((_, value) => Hidden(value));

    [return: NotNullIfNotNull(nameof(value))]
    private static PropertyValue? Hidden(PropertyValue? value) => value switch
    {
        PropertyValue.Secret => new PropertyValue.Secret(PropertyValue.Null.Value),
        PropertyValue.String text when GoalComparison.IsStandIn(text.Value) => PropertyValue.Unknown.Value,
        PropertyValue.String text => Shown(text.Value) is var shown && ReferenceEquals(shown, text.Value) ? text : shown,
        PropertyValue.List list => list.WithItems(item => Hidden(item)),
        PropertyValue.Map map => map.WithValues((_, member) => Hidden(member)),
        _ => value,
    };
}
