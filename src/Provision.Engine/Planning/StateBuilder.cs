using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.Planning;

/// <summary>Builds the state that records a goal. Pure.</summary>
internal static class StateBuilder
{
    /// <summary>The state of a goal before its provider was asked: no id, no outputs.</summary>
    public static ResourceState Of(
        ResourceGoal goal,
        PropertyMap inputs,
        ImmutableArray<Urn> dependencies,
        ImmutableArray<PropertyDependency> propertyDependencies,
        ProviderReference? provider) => new()
        {
            Urn = goal.Urn,
            Custom = goal.Custom,
            Inputs = inputs,
            Parent = goal.Parent,
            Provider = provider,
            Protect = goal.Options.Protect ?? false,
            RetainOnDelete = goal.Options.RetainOnDelete ?? false,
            Dependencies = dependencies,
            PropertyDependencies = propertyDependencies,
            DeletedWith = goal.Options.DeletedWith,
            ReplaceWith = goal.Options.ReplaceWith,
            IgnoreChanges = goal.Options.IgnoreChanges,
            ReplaceOnChanges = goal.Options.ReplaceOnChanges,
            AdditionalSecretOutputs = goal.Options.AdditionalSecretOutputs,
            CustomTimeouts = goal.Options.CustomTimeouts,
            ImportId = goal.Options.ImportId,
            SourcePosition = goal.SourcePosition,
        };

    /// <summary>The draft as a continuation of what was recorded: same object, same birthday, and whatever a foreign tool wrote there.</summary>
    public static ResourceState Continue(ResourceState draft, ResourceState old) => draft.WithUnknownMembersOf(old) with
    {
        Id = old.Id,
        Outputs = old.Outputs,
        Created = old.Created,
        Modified = old.Modified,
        ImportId = draft.ImportId ?? old.ImportId,
    };

    /// <summary>
    /// Outputs with what must stay secret made so: those named, and those whose input of the same name is or holds a secret that
    /// the provider gave back in the clear.
    /// </summary>
    public static PropertyMap KeepSecrets(PropertyMap outputs, PropertyMap inputs, ImmutableArray<string> additional)
    {
        var hidden = inputs.Where((_, input) => HoldsSecret(input)).Keys.Concat(additional)
            .Where(key => outputs.Find(key) is { } output && !HoldsSecret(output))
            .ToHashSet(StringComparer.Ordinal);
        return hidden.Count == 0
            ? outputs
            : outputs.WithValues((key, output) => hidden.Contains(key) ? new PropertyValue.Secret(output) : output);
    }

    /// <summary>Whether writing the one instead of the other would change what is known of the resource.</summary>
    public static bool MeansSame(ResourceState left, ResourceState right) =>
        left.Urn == right.Urn
        && left.Custom == right.Custom
        && left.Id == right.Id
        && left.Parent == right.Parent
        && left.Provider == right.Provider
        && left.Protect == right.Protect
        && left.RetainOnDelete == right.RetainOnDelete
        && left.PendingReplacement == right.PendingReplacement
        && left.External == right.External
        && left.DeletedWith == right.DeletedWith
        && left.ImportId == right.ImportId
        && left.SourcePosition == right.SourcePosition
        && left.CustomTimeouts == right.CustomTimeouts
        && left.Dependencies.SequenceEqual(right.Dependencies)
        && left.ReplaceWith.SequenceEqual(right.ReplaceWith)
        && left.IgnoreChanges.SequenceEqual(right.IgnoreChanges)
        && left.ReplaceOnChanges.SequenceEqual(right.ReplaceOnChanges)
        && left.AdditionalSecretOutputs.SequenceEqual(right.AdditionalSecretOutputs)
        && left.InitErrors.SequenceEqual(right.InitErrors)
        && left.PropertyDependencies.SequenceEqual(right.PropertyDependencies)
        && left.Inputs.Equals(right.Inputs)
        && left.Outputs.Equals(right.Outputs);

    private static bool HoldsSecret(PropertyValue value) => value switch
    {
        PropertyValue.Secret => true,
        PropertyValue.List list => list.Items.Any(HoldsSecret),
        PropertyValue.Map map => map.Properties.Values.Any(HoldsSecret),
        _ => false,
    };
}
