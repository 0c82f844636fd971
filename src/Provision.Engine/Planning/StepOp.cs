using System.Collections.Immutable;

namespace Provision.Engine.Planning;

/// <summary>One action on one resource, with Pulumi's names (<see cref="StepOps.Name"/>).</summary>
public enum StepOp
{
    Same,
    Create,
    Update,
    Delete,
    Replace,
    CreateReplacement,
    DeleteReplaced,
    Read,
    Refresh,
    Discard,
    RemovePendingReplace,
    Import,
}

public static class StepOps
{
    /// <summary>All there are, in the order of their values.</summary>
    public static readonly ImmutableArray<StepOp> All = [.. Enum.GetValues<StepOp>()];

    /// <summary>The name Pulumi prints and writes.</summary>
    public static string Name(this StepOp op) => op switch
    {
        StepOp.Same => "same",
        StepOp.Create => "create",
        StepOp.Update => "update",
        StepOp.Delete => "delete",
        StepOp.Replace => "replace",
        StepOp.CreateReplacement => "create-replacement",
        StepOp.DeleteReplaced => "delete-replaced",
        StepOp.Read => "read",
        StepOp.Refresh => "refresh",
        StepOp.Discard => "discard",
        StepOp.RemovePendingReplace => "remove-pending-replace",
        StepOp.Import => "import",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether a person counts it: a replacement counts once, as replace.</summary>
    public static bool IsCounted(this StepOp op) => op is not (StepOp.CreateReplacement or StepOp.DeleteReplaced or StepOp.RemovePendingReplace);

    /// <summary>Whether it changes the world.</summary>
    public static bool IsChange(this StepOp op) => op is not (StepOp.Same or StepOp.Read or StepOp.Refresh);
}
