using System.Collections.Immutable;

namespace Provision.Engine.Resources;

/// <summary>Pulumi's resource options: how the engine treats a resource, whatever its type.</summary>
public sealed record ResourceOptions
{
    public static readonly ResourceOptions None = new();

    /// <summary>Never delete or replace it. Null: as the parent.</summary>
    public bool? Protect { get; init; }

    /// <summary>Forget it instead of deleting it. Null: as the parent.</summary>
    public bool? RetainOnDelete { get; init; }

    /// <summary>Order of a replacement. Null: as the provider says.</summary>
    public bool? DeleteBeforeReplace { get; init; }

    /// <summary>Property paths whose changes are not acted on.</summary>
    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    /// <summary>Property paths whose changes replace the resource.</summary>
    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    /// <summary>URNs it was known by before.</summary>
    public ImmutableArray<Urn> Aliases { get; init; } = [];

    public ImmutableArray<Urn> DependsOn { get; init; } = [];

    /// <summary>Deleting that resource deletes this one with it: no call of its own is made.</summary>
    public Urn? DeletedWith { get; init; }

    public ImmutableArray<Urn> ReplaceWith { get; init; } = [];

    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    public CustomTimeouts? CustomTimeouts { get; init; }

    /// <summary>Id of an existing object to take over instead of creating one.</summary>
    public string? ImportId { get; init; }
}
