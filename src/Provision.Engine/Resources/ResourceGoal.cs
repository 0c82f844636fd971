namespace Provision.Engine.Resources;

/// <summary>What one resource should be, after lowering.</summary>
public sealed record ResourceGoal
{
    public required Urn Urn { get; init; }

    /// <summary>False for a component, which only groups children.</summary>
    public required bool Custom { get; init; }

    public Urn? Parent { get; init; }

    /// <summary>The provider resource that handles it; null for components and provider resources.</summary>
    public Urn? Provider { get; init; }

    /// <summary>May hold references to other resources' outputs, which become dependencies.</summary>
    public PropertyMap Inputs { get; init; } = PropertyMap.Empty;

    /// <summary>For components and the stack: outputs, which may refer to any resource of the run. Null: none are registered.</summary>
    public PropertyMap? ComponentOutputs { get; init; }

    public ResourceOptions Options { get; init; } = ResourceOptions.None;

    /// <summary>Where it was declared, <c>project:///stacks/Lab.cs#12,5</c>.</summary>
    public string? SourcePosition { get; init; }

    public ResourceType Type => Urn.Type;
}
