using System.Collections.Immutable;
using System.Text.Json;

namespace Provision.Engine.Resources;

/// <summary>What was last recorded of one resource; one entry of a checkpoint (Pulumi's ResourceV3).</summary>
public sealed record ResourceState
{
    // Null for none, which nearly all have: a run that knows no foreign state never loads the dictionary.
    private readonly ImmutableSortedDictionary<string, JsonElement>? _unknownMembers;

    public required Urn Urn { get; init; }

    public required bool Custom { get; init; }

    /// <summary>The provider's own name of the real thing; empty for components.</summary>
    public string Id { get; init; } = "";

    public PropertyMap Inputs { get; init; } = PropertyMap.Empty;

    public PropertyMap Outputs { get; init; } = PropertyMap.Empty;

    public Urn? Parent { get; init; }

    public ProviderReference? Provider { get; init; }

    /// <summary>Replaced already, still to be deleted.</summary>
    public bool Delete { get; init; }

    /// <summary>Deleted already, still to be created again.</summary>
    public bool PendingReplacement { get; init; }

    public bool Protect { get; init; }

    public bool RetainOnDelete { get; init; }

    /// <summary>Read, never owned: forgetting it needs no provider call.</summary>
    public bool External { get; init; }

    /// <summary>All it depends on, sorted.</summary>
    public ImmutableArray<Urn> Dependencies { get; init; } = [];

    /// <summary>What each input depends on that depends on anything, in ordinal order of the inputs.</summary>
    public ImmutableArray<PropertyDependency> PropertyDependencies { get; init; } = [];

    public Urn? DeletedWith { get; init; }

    public ImmutableArray<Urn> ReplaceWith { get; init; } = [];

    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    /// <summary>Why it exists but is not complete; the next run tries again.</summary>
    public ImmutableArray<string> InitErrors { get; init; } = [];

    public CustomTimeouts? CustomTimeouts { get; init; }

    public string? ImportId { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Modified { get; init; }

    public string? SourcePosition { get; init; }

    /// <summary>Members of a foreign checkpoint that we have no use for; they survive a round trip as they are.</summary>
    public ImmutableSortedDictionary<string, JsonElement> UnknownMembers
    {
        get => _unknownMembers ?? ImmutableSortedDictionary<string, JsonElement>.Empty;
        init => _unknownMembers = value.IsEmpty ? null : value;
    }

    public ResourceType Type => Urn.Type;

    /// <summary>With the unknown members of another state in place of its own.</summary>
    public ResourceState WithUnknownMembersOf(ResourceState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _unknownMembers == other._unknownMembers ? this : this with { UnknownMembers = other.UnknownMembers };
    }

    /// <summary>Everything that must exist before it: dependencies, property dependencies, parent, provider, deletedWith, replaceWith.</summary>
    public IEnumerable<Urn> References()
    {
        foreach (var urn in Dependencies)
        {
            yield return urn;
        }

        foreach (var dependency in PropertyDependencies)
        {
            foreach (var urn in dependency.Urns)
            {
                yield return urn;
            }
        }

        if (Parent is { } parent)
        {
            yield return parent;
        }

        if (Provider is { } provider)
        {
            yield return provider.Urn;
        }

        if (DeletedWith is { } container)
        {
            yield return container;
        }

        foreach (var urn in ReplaceWith)
        {
            yield return urn;
        }
    }
}
