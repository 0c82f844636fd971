using System.Collections.Immutable;

namespace Provision.Cli.Commands;

/// <summary>What the command line says about an operation.</summary>
internal sealed record OperationSettings
{
    public string? Stack { get; init; }

    public bool Yes { get; init; }

    public bool SkipPreview { get; init; }

    public ImmutableArray<string> Targets { get; init; } = [];

    public ImmutableArray<string> Excludes { get; init; } = [];

    public bool TargetDependents { get; init; }

    public ImmutableArray<string> Replace { get; init; } = [];

    public int? Parallel { get; init; }

    public bool Json { get; init; }

    public bool ExpectNoChanges { get; init; }

    /// <summary>Nobody has to be asked: it was said beforehand, or nothing will be changed.</summary>
    public bool NeedsNoAnswer => Yes || SkipPreview || ExpectNoChanges;

    public bool Refresh { get; init; } = true;

    public bool Diff { get; init; }

    public bool ShowSames { get; init; }

    /// <summary>Settings for this run alone, as <c>key=value</c>.</summary>
    public ImmutableArray<string> Config { get; init; } = [];

    public string Message { get; init; } = "";

    public TimeSpan LockTimeout { get; init; }

    public string? PlanFile { get; init; }

    public string? SavePlanFile { get; init; }

    public bool DetailedExitCode { get; init; }
}
