using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Planning;

/// <summary>All that bears on what to do with one resource.</summary>
internal sealed record StepQuestion
{
    public required ResourceGoal Goal { get; init; }

    /// <summary>Resolved and checked; unknowns only in a preview.</summary>
    public required PropertyMap Inputs { get; init; }

    /// <summary>What is there, as recorded and, where looked at, as seen; null where nothing is.</summary>
    public ResourceState? Old { get; init; }

    /// <summary>It was recorded, and reality has it no more.</summary>
    public bool Gone { get; init; }

    /// <summary>The provider's answer about <see cref="Old"/>; null where there is no old or no provider is asked.</summary>
    public DiffResponse? Diff { get; init; }

    /// <summary>A resource it depended on is replaced first, and it was deleted ahead of that in this run.</summary>
    public string? DeletedAheadFor { get; init; }

    /// <summary>Why it is to be made anew whatever its diff says: asked for, or its provider's world changed; null otherwise.</summary>
    public string? ForcedReplacement { get; init; }

    public bool RecordedInputsDiffer { get; init; }
}

/// <summary>What to do with one resource, and why.</summary>
internal sealed record Decision(StepOp Op, ImmutableArray<PropertyDiff> Changes, string? Reason, bool DeleteBeforeReplace, ImmutableArray<string> Stables)
{
    public static readonly Decision Same = new(StepOp.Same, [], null, false, []);
}

/// <summary>Decides on one resource: pure, and the same in preview and up.</summary>
internal static class StepPlanner
{
    // old    gone  deleted ahead  forced  diff             decision
    // none   -     -              -       -                create
    // none   yes   -              -       -                create "gone"
    // any    -     yes            -       -                replace (the old is deleted already)
    // pending replacement         -       -                replace (an earlier run deleted the old)
    // yes    -     -              yes     -                replace
    // yes    -     -              -       replaces         replace
    // yes    -     -              -       changes          update
    // yes    -     -              -       none, init errors  update (tries again)
    // yes    -     -              -       none             same
    public static Decision Decide(StepQuestion question)
    {
        if (question.DeletedAheadFor is { } root)
        {
            return new Decision(StepOp.Replace, Changes(question), $"{root} is replaced", DeleteBeforeReplace: true, []);
        }

        if (question.Old is not { } old)
        {
            return new Decision(StepOp.Create, [], question.Gone ? "gone" : null, DeleteBeforeReplace: false, []);
        }

        if (old.PendingReplacement)
        {
            return new Decision(StepOp.Replace, Changes(question), "its replacement was interrupted", DeleteBeforeReplace: true, []);
        }

        var diff = question.Diff ?? DiffResponse.Same;
        if (question.ForcedReplacement is { } why)
        {
            return new Decision(StepOp.Replace, diff.Changes, why, question.Goal.Options.DeleteBeforeReplace ?? diff.DeleteBeforeReplace, []);
        }

        if (diff.Replaces)
        {
            var replacing = diff.Changes.Where(change => change.Apply == ApplyClass.Replace).Select(change => change.Path.Top).Distinct(StringComparer.Ordinal);
            return new Decision(StepOp.Replace, diff.Changes, $"changes {string.Join(", ", replacing)}",
                question.Goal.Options.DeleteBeforeReplace ?? diff.DeleteBeforeReplace, []);
        }

        if (diff.HasChanges)
        {
            return new Decision(StepOp.Update, diff.Changes, diff.Reason ?? (question.RecordedInputsDiffer ? null : "changed outside"), false, diff.Stables);
        }

        return old.InitErrors.IsEmpty
            ? Decision.Same
            : new Decision(StepOp.Update, [], "did not come up last time", false, diff.Stables);
    }

    private static ImmutableArray<PropertyDiff> Changes(StepQuestion question) => question.Diff?.Changes ?? [];

    /// <summary>
    /// Whether a run may take the step when its plan said <paramref name="planned"/>: it may do less, never more. Returns what the plan
    /// said where it may not; null where it may.
    /// </summary>
    public static string? Forbids(PlannedStep? planned, StepOp op, ApplyClass? apply)
    {
        if (op == StepOp.Same || planned is { LookedAtLater: true } && op != StepOp.Delete)
        {
            return null;
        }

        return planned switch
        {
            null => "nothing",
            { Op: StepOp.Create } when op is StepOp.Create or StepOp.Update => null,
            { Op: StepOp.Update } when op == StepOp.Update => apply <= planned.Apply || planned.Apply is null || apply is null ? null : $"update ({planned.Apply})",
            { Op: StepOp.Replace } when op is StepOp.Update or StepOp.Replace or StepOp.Create => null,
            { Op: StepOp.Import } when op is StepOp.Import or StepOp.Update => null,
            { Op: StepOp.Delete or StepOp.Discard } when op is StepOp.Delete or StepOp.Discard => null,
            _ => planned.Op.Name(),
        };
    }
}
