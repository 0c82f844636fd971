using System.Collections.Immutable;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Review;

/// <summary>What a change would do to all stacks of a workspace. It holds no secret, and all that a view of it needs.</summary>
internal sealed record ReviewReport
{
    /// <summary>Of the JSON form; rises where a reader of the old one would misread the new one.</summary>
    public const int Version = 1;

    public required string Project { get; init; }

    public required ReviewSide Base { get; init; }

    public required ReviewSide Head { get; init; }

    public string ToolVersion { get; init; } = "";

    /// <summary>In the order of their names.</summary>
    public ImmutableArray<StackReview> Stacks { get; init; } = [];

    /// <summary>The stacks of which there is something to say.</summary>
    public IEnumerable<StackReview> Told => Stacks.Where(stack => stack.Change != StackChange.Unchanged || !stack.Violations.IsEmpty || !stack.BaseProblems.IsEmpty);

    public bool HasChanges => Stacks.Any(stack => stack.Change is not (StackChange.Unchanged or StackChange.Failed) || stack.Plan.HasChanges);

    /// <summary>Something of the head cannot be evaluated.</summary>
    public bool HasFailed => HasErrors(Head.Problems) || Stacks.Any(stack => stack.Change == StackChange.Failed);

    public static bool HasErrors(ImmutableArray<Diagnostic> diagnostics) => diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
}

/// <summary>One of the two revisions.</summary>
/// <param name="Name">As it was asked for; "working tree" for that.</param>
/// <param name="Commit">The commit's full id; null for the working tree.</param>
internal sealed record ReviewSide(string Name, string? Commit)
{
    public const string WorkingTree = "working tree";

    /// <summary>What is wrong with all of it: its definitions do not compile. A base with errors is taken for empty.</summary>
    public ImmutableArray<Diagnostic> Problems { get; init; } = [];
}
