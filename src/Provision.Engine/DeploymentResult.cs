using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine;

/// <summary>What came of an operation.</summary>
public sealed record DeploymentResult
{
    public required OperationOutcome Outcome { get; init; }

    /// <summary>What was decided; of a run that acted, what it really did.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The states afterwards; of a dry run, as before.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>Every error and warning, in the order they came up.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    public ImmutableArray<StepCount> Counts { get; init; } = [];

    /// <summary>The stack's outputs.</summary>
    public PropertyMap Outputs { get; init; } = PropertyMap.Empty;

    /// <summary>Resources whose step failed, and those not tried because of them.</summary>
    public ImmutableArray<Urn> Failed { get; init; } = [];

    public ImmutableArray<Urn> Skipped { get; init; } = [];
}
