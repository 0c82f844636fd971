using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Comparison;

/// <summary>
/// Plans what a stack should be against what it should have been before: no state, no endpoint, no credentials. A dry run of the one, with all it would
/// make assumed to be made, gives the state against which a dry run of the other is planned, by the planner and the providers' own diffs.
/// </summary>
public sealed partial class GoalComparison(TimeProvider clock, Func<Guid> newId)
{
    /// <summary>Whether a text is nothing but a stand-in: of an output that nobody knows, or of what was made of one. People need not see it.</summary>
    public static bool IsStandIn(string text) => StandInPattern().IsMatch(text);

    /// <summary>A text of people's own with other words in place of the stand-ins in it; the same where there are none.</summary>
    public static string ReplaceStandIns(string text, string words) => text.Contains(AssumedOutputs.Mark, StringComparison.Ordinal) ? InnerPattern().Replace(text, words) : text;

    /// <param name="project">The project and the stack, which all URNs carry.</param>
    /// <param name="stack">The stack's short name.</param>
    /// <param name="before">What it should have been; no goals where there was no stack.</param>
    /// <param name="after">What it should be; no goals where there shall be no stack.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ComparisonResult> RunAsync(
        string project, string stack, ComparisonSide before, ComparisonSide after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, fresh) = (Declared(before.Goals), Declared(after.Goals));
        var outputs = AssumedOutputs.For(old.Concat(fresh));
        var options = new DeploymentOptions { Operation = Operation.Up, Project = project, Stack = stack, Refresh = false, DryRun = true };
        var stop = new StopTokens(cancellationToken, cancellationToken);

        var was = old.IsEmpty ? null : await RunAsync(before.Providers, options with { Assume = outputs.StateOf }, old, Snapshot.Empty, stop);
        var would = await RunAsync(
            after.Providers, options with { Operation = fresh.IsEmpty ? Operation.Destroy : Operation.Up }, fresh, was?.Snapshot ?? Snapshot.Empty, stop);
        cancellationToken.ThrowIfCancellationRequested();
        return new ComparisonResult { Plan = would.Plan, Before = was?.Snapshot ?? Snapshot.Empty, BeforeDiagnostics = was?.Diagnostics ?? [], Diagnostics = would.Diagnostics };
    }

    private Task<DeploymentResult> RunAsync(
        IReadOnlyList<IProviderFactory> providers, DeploymentOptions options, ImmutableArray<ResourceGoal> goals, Snapshot snapshot, StopTokens stop) =>
        new Deployment([.. providers.Select(factory => new AssumedProviderFactory(factory))], events: null, clock, newId)
            .RunAsync(options, new FinishedGoalSource(goals), snapshot, NoJournal.Instance, stop);

    /// <summary>An import looks at the world; here the object is assumed to be as declared, like any other.</summary>
    private static ImmutableArray<ResourceGoal> Declared(IEnumerable<ResourceGoal> goals) =>
        [.. goals.Select(goal => goal.Options.ImportId is null ? goal : goal with { Options = goal.Options with { ImportId = null } })];

    // What a provider's form for it puts before it is a slash, or words.
    [GeneratedRegex(@"\A/?(?:[\w-]+ )*\$\{(?:[a-z]+:\w+ [^{}]*|[0-9a-f]{16})\}\z")]
    private static partial Regex StandInPattern();

    // A type's name begins with a capital letter; what shells write in such brackets does not.
    [GeneratedRegex(@"\$\{[a-z]+:[A-Z]\w* [^{}]*\}")]
    private static partial Regex InnerPattern();
}

/// <summary>One side of a comparison.</summary>
/// <param name="Goals">What the stack should be there.</param>
/// <param name="Providers">Who checks that. Each side has its own: checks read files, which differ between revisions.</param>
public sealed record ComparisonSide(IReadOnlyList<ResourceGoal> Goals, IReadOnlyList<IProviderFactory> Providers);

/// <summary>What a comparison gave.</summary>
public sealed record ComparisonResult
{
    /// <summary>What an <c>up</c> would do where the world is just as it should have been before.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The assumed state before.</summary>
    public required Snapshot Before { get; init; }

    /// <summary>What is wrong with what it should have been. What is left of that still stands for the state.</summary>
    public ImmutableArray<Diagnostic> BeforeDiagnostics { get; init; } = [];

    /// <summary>What is wrong with what it should be: an <c>up</c> would refuse it.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];
}
