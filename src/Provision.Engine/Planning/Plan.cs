using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Planning;

public enum Operation
{
    Preview,
    Up,
    Refresh,
    Destroy,
    Import,
}

/// <summary>What would be done to one resource, and why. A replacement is one entry (<see cref="StepOp.Replace"/>), whatever its order.</summary>
public sealed record PlannedStep
{
    public required StepOp Op { get; init; }

    public required Urn Urn { get; init; }

    /// <summary>False for a component.</summary>
    public required bool Custom { get; init; }

    /// <summary>What it stands below in the tree; null for the stack itself.</summary>
    public Urn? Parent { get; init; }

    /// <summary>Why, in a word or two: "gone", "stopped", "not declared any more", "changes memory"; null for a plain same or create.</summary>
    public string? Reason { get; init; }

    /// <summary>What a person should know beside reason and properties, in the provider's words; null where there is nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>Which properties are numbers of bytes, by the provider's word.</summary>
    public ImmutableArray<SizedInput> Sizes { get; init; } = [];

    /// <summary>The changed properties.</summary>
    public ImmutableArray<PropertyDiff> Changes { get; init; } = [];

    /// <summary>What was recorded or, where looked at, seen; null where there was nothing.</summary>
    public ResourceState? Old { get; init; }

    /// <summary>The checked inputs, unknowns among them; null for deletes.</summary>
    public PropertyMap? Inputs { get; init; }

    /// <summary>The old is deleted before the new is made.</summary>
    public bool DeleteBeforeReplace { get; init; }

    /// <summary>The delete only forgets: retainOnDelete, or its container goes with it.</summary>
    public bool Retained { get; init; }

    /// <summary>
    /// The endpoint does not answer yet and is being brought up by this very run: reality is looked at then, and what was lost
    /// meanwhile is restored.
    /// </summary>
    public bool LookedAtLater { get; init; }

    /// <summary>Everything the step has to wait for.</summary>
    public ImmutableArray<Urn> Dependencies { get; init; } = [];

    /// <summary>The heaviest way in which a change reaches the real thing; null where nothing changes.</summary>
    public ApplyClass? Apply => Changes.IsEmpty ? null : Changes.Max(change => change.Apply);
}

/// <summary>All steps with their reasons, before anything is touched. An <c>up</c> may do less than its plan, never more.</summary>
public sealed record Plan
{
    public static readonly Plan Empty = new() { Operation = Operation.Up, Steps = [] };

    public required Operation Operation { get; init; }

    /// <summary>In the order in which dependencies allow them; deletes last.</summary>
    public required ImmutableArray<PlannedStep> Steps { get; init; }

    /// <summary>The stack's outputs as far as they are known.</summary>
    public PropertyMap Outputs { get; init; } = PropertyMap.Empty;

    public bool HasChanges => Steps.Any(step => step.Op.IsChange() || step.LookedAtLater);

    /// <summary>How many steps of each op a person would count.</summary>
    public ImmutableArray<StepCount> Counts()
    {
        var counts = new int[StepOps.All.Length];
        foreach (var step in Steps.Where(step => step.Op.IsCounted() && step.Urn.Type != ResourceType.Stack && !step.Urn.Type.IsProvider))
        {
            counts[(int)step.Op]++;
        }

        var found = ImmutableArray.CreateBuilder<StepCount>();
        foreach (var op in StepOps.All)
        {
            if (counts[(int)op] > 0)
            {
                found.Add(new StepCount(op, counts[(int)op]));
            }
        }

        return found.ToImmutable();
    }
}

/// <summary>How many steps there are of an op.</summary>
public sealed record StepCount(StepOp Op, int Count);
