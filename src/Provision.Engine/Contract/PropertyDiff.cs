using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.Contract;

/// <summary>How a changed property reaches the real thing.</summary>
public enum ApplyClass
{
    /// <summary>While it runs.</summary>
    Live,

    /// <summary>By restarting it; identity and data stay.</summary>
    Restart,

    /// <summary>By making a new one.</summary>
    Replace,
}

public enum DiffKind
{
    Add,
    Delete,
    Update,
}

/// <summary>One changed property.</summary>
/// <param name="Path">Where, in the inputs.</param>
/// <param name="Kind">Added, deleted or updated.</param>
/// <param name="Apply">How the change is made.</param>
/// <param name="Old">The value before; null where there was none.</param>
/// <param name="New">The value wanted; null where there shall be none.</param>
public sealed record PropertyDiff(PropertyPath Path, DiffKind Kind, ApplyClass Apply, PropertyValue? Old, PropertyValue? New);

/// <summary>A provider's answer to "what would change?".</summary>
public sealed record DiffResponse
{
    public static readonly DiffResponse Same = new();

    /// <summary>The changed properties; none means no change.</summary>
    public ImmutableArray<PropertyDiff> Changes { get; init; } = [];

    /// <summary>The provider owns a name, port or address that two cannot hold at once.</summary>
    public bool DeleteBeforeReplace { get; init; }

    /// <summary>Top-level outputs that stay as they are through the update; the others are unknown in a preview.</summary>
    public ImmutableArray<string> Stables { get; init; } = [];

    /// <summary>A reason beside the properties, such as "stopped" or "image rebuilt"; shown after the op.</summary>
    public string? Reason { get; init; }

    /// <summary>What a person should know before the change is made: "its data is lost".</summary>
    public string? Remark { get; init; }

    public bool HasChanges => !Changes.IsEmpty;

    public bool Replaces => Changes.Any(change => change.Apply == ApplyClass.Replace);
}
