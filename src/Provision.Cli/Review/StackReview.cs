using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;

namespace Provision.Cli.Review;

/// <summary>What became of a stack as a whole.</summary>
internal enum StackChange
{
    Unchanged,
    Changed,
    Added,
    Removed,

    /// <summary>The head cannot be evaluated, or an <c>up</c> would refuse it.</summary>
    Failed,
}

/// <summary>What a change would do to one stack.</summary>
internal sealed record StackReview
{
    public required string Stack { get; init; }

    public required StackChange Change { get; init; }

    /// <summary>What an <c>up</c> would do, with secrets hidden and without what no view needs; see <see cref="ReviewPlan"/>.</summary>
    public Plan Plan { get; init; } = Plan.Empty;

    public ReviewImpact Impact { get; init; } = ReviewImpact.None;

    /// <summary>What the stack needs of its hosts, before and after.</summary>
    public ImmutableArray<CapacityChange> Capacity { get; init; } = [];

    public ImmutableArray<ReviewViolation> Violations { get; init; } = [];

    /// <summary>What is wrong with the base; with errors among them, it is compared as if there had been no stack.</summary>
    public ImmutableArray<Diagnostic> BaseProblems { get; init; } = [];

    /// <summary>What is wrong with the head.</summary>
    public ImmutableArray<Diagnostic> Problems { get; init; } = [];
}

/// <summary>What a stack needs of one quantity of a host or a network.</summary>
/// <param name="Where">The host, or the network.</param>
/// <param name="Quantity">vCPU, memory, disk, addresses, published ports.</param>
/// <param name="Before">How much it needed.</param>
/// <param name="After">How much it needs.</param>
/// <param name="Available">How much there is, as declared and with its overcommit; null where nobody says.</param>
/// <param name="IsBytes">Whether it is counted in bytes.</param>
internal sealed record CapacityChange(string Where, string Quantity, double Before, double After, double? Available, bool IsBytes)
{
    public bool Exceeds => After > Available;
}

/// <summary>A policy that the head does not keep.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="IsMandatory">Whether <c>up</c> refuses it.</param>
/// <param name="Resource">The resource's name; null where it is about the stack.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record ReviewViolation(string Policy, bool IsMandatory, string? Resource, string Message, string? Remedy);
