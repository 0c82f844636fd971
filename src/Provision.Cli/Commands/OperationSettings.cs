using System.Collections.Immutable;
using Provision.Engine.Planning;

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

    /// <summary>A stack that does not fit on its hosts is brought up all the same.</summary>
    public bool Overcommit { get; init; }

    /// <summary>A saved plan holds what it is for: saying it again could only contradict it.</summary>
    /// <exception cref="CliException">Both were given.</exception>
    public void RefuseBesidePlan()
    {
        string[] given =
        [
            .. new[]
            {
                Targets.IsEmpty ? null : "--target", Excludes.IsEmpty ? null : "--exclude", Replace.IsEmpty ? null : "--replace", TargetDependents ? "--target-dependents" : null,
            }.OfType<string>(),
        ];
        if (PlanFile is not null && given.Length > 0)
        {
            throw new CliException(ExitCode.Configuration, CliDiagnostics.BesidePlan(string.Join(", ", given)));
        }
    }

    /// <summary>The settings with what a saved plan was made with.</summary>
    public OperationSettings With(PlanHeader header) => this with
    {
        Targets = header.Targets,
        Excludes = header.Excludes,
        Replace = header.Replace,
        TargetDependents = header.TargetDependents,
        Refresh = header.Refresh,
    };
}
