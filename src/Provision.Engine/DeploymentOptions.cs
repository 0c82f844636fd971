using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine;

/// <summary>How one operation is run.</summary>
public sealed record DeploymentOptions
{
    /// <summary>Up, refresh, destroy or import. A preview is a dry run of one of these.</summary>
    public required Operation Operation { get; init; }

    /// <summary>The stack's short name and its project, which all URNs carry.</summary>
    public required string Stack { get; init; }

    public required string Project { get; init; }

    /// <summary>Plan only: nothing is created, changed or deleted, and nothing recorded.</summary>
    public bool DryRun { get; init; }

    /// <summary>Look at reality first.</summary>
    public bool Refresh { get; init; } = true;

    /// <summary>Steps at once over all endpoints; each endpoint has limits of its own besides.</summary>
    public int Parallel { get; init; } = 4 * Environment.ProcessorCount;

    /// <summary>URNs, names or globs (<c>*</c> stops at a colon, <c>**</c> does not). Empty: everything.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    public ImmutableArray<string> Excludes { get; init; } = [];

    /// <summary>What depends on a target is a target too.</summary>
    public bool TargetDependents { get; init; }

    /// <summary>URNs, names or globs of resources to make anew whatever their diff says.</summary>
    public ImmutableArray<string> Replace { get; init; } = [];

    /// <summary>
    /// In a dry run, the state that a resource is assumed to have once it is made, given what was decided and its provider: what follows is then planned
    /// as if it were so, and the run ends with those states as its snapshot. Null: what is not made yet is unknown.
    /// </summary>
    internal Func<ResourceState, IResourceProvider, ResourceState>? Assume { get; init; }

    /// <summary>The plan that was shown: doing more than it says stops the run.</summary>
    public Plan? Plan { get; init; }
}

/// <summary>The two stages of a cancellation.</summary>
/// <param name="Stop">Start nothing new; finish and record what runs.</param>
/// <param name="Cancel">Abandon what runs; the journal tells the next run what it was.</param>
public readonly record struct StopTokens(CancellationToken Stop, CancellationToken Cancel)
{
    public static readonly StopTokens None = new(CancellationToken.None, CancellationToken.None);
}
