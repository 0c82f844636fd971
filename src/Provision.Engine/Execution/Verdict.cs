using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>A decision on one goal with all that acting on it takes.</summary>
internal sealed record Verdict
{
    public required Decision Decision { get; init; }

    /// <summary>The state to be; carries on the old one's id and outputs where there is an old one.</summary>
    public required ResourceState Draft { get; init; }

    /// <summary>What is there, as seen.</summary>
    public ResourceState? Old { get; init; }

    /// <summary>What was recorded; differs from <see cref="Old"/> where reality drifted.</summary>
    public ResourceState? Recorded { get; init; }

    /// <summary>The alias it was found under.</summary>
    public Urn? Was { get; init; }

    public IResourceProvider? Provider { get; init; }

    public DiffResponse Diff { get; init; } = DiffResponse.Same;

    /// <summary>The provider's words for whoever reads the plan.</summary>
    public string? Remark { get; init; }

    /// <summary>Which inputs are numbers of bytes.</summary>
    public ImmutableArray<SizedInput> Sizes { get; init; } = [];

    /// <summary>Dependents that are deleted ahead of a replacement, dependencies first.</summary>
    public ImmutableArray<ResourceState> Ahead { get; init; } = [];

    /// <summary>The old object was deleted already, in this run or by an interrupted one.</summary>
    public bool OldIsDeleted { get; init; }

    public bool LookedAtLater { get; init; }
}

/// <summary>Either a verdict or what stands against one.</summary>
internal readonly record struct VerdictOrProblems(Verdict? Verdict, ImmutableArray<Diagnostic> Problems)
{
    public static implicit operator VerdictOrProblems(Verdict verdict) => new(verdict, []);

    public static implicit operator VerdictOrProblems(ImmutableArray<Diagnostic> problems) => new(null, problems);

    public static implicit operator VerdictOrProblems(Diagnostic problem) => new(null, [problem]);
}
