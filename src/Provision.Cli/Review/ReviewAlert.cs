using System.Collections.Immutable;

namespace Provision.Cli.Review;

/// <summary>How loud an alert is.</summary>
internal enum AlertKind
{
    /// <summary>Something is lost, or forbidden.</summary>
    Danger,

    /// <summary>Somebody is interrupted.</summary>
    Warning,

    /// <summary>Something is against advice.</summary>
    Advice,

    /// <summary>Something may be meant otherwise.</summary>
    Hint,
}

/// <summary>Something in a report that must not be overlooked.</summary>
/// <param name="Kind">How loud it is.</param>
/// <param name="Title">What it is.</param>
/// <param name="Lines">What it is about, one line each.</param>
internal sealed record ReviewAlert(AlertKind Kind, string Title, ImmutableArray<AlertLine> Lines)
{
    /// <summary>All of a report, the worst first.</summary>
    public static ImmutableArray<ReviewAlert> Of(ReviewReport report) =>
    [
        .. new[]
        {
            Alert(AlertKind.Danger, "Data is lost", report, stack => stack.Impact.Lost, lost => [Foreign(ReviewWords.Lost(lost)), .. Owner(lost.Owner)]),
            Alert(AlertKind.Danger, "Against a policy", report, stack => stack.Violations.Where(violation => violation.IsMandatory), Violation),
            Hit(AlertKind.Danger, "Deleted", Effect.Delete, report),
            Hit(AlertKind.Danger, "Replaced", Effect.Replace, report),
            Hit(AlertKind.Warning, "Restarted", Effect.Restart, report),
            Alert(
                AlertKind.Warning, "Loses a connection without being changed", report, stack => stack.Impact.CutOff,
                cut => [Foreign(cut.Name), .. Owner(cut.Owner), Own(": "), Foreign(cut.From), Own($" is {Effects.Done(cut.Effect)}")]),
            Alert(AlertKind.Advice, "Against the advice", report, stack => stack.Violations.Where(violation => !violation.IsMandatory), Violation),
            Alert(
                AlertKind.Hint, "Perhaps renamed", report, stack => stack.Impact.Renames,
                rename => [Foreign(rename.Old), Own(" to "), Foreign(rename.New), Own(": "), Foreign($"Aliases = [\"{rename.Old}\"]"), Own(" in its Lifecycle keeps it")]),
        }.Where(alert => !alert.Lines.IsEmpty),
    ];

    private static ReviewAlert Hit(AlertKind kind, string title, Effect effect, ReviewReport report) => Alert(
        kind, title, report, stack => stack.Impact.With(effect),
        workload => [Own(workload.IsMachine ? "machine " : "container "), Foreign(workload.Name), .. Owner(workload.Owner)]);

    private static ReviewAlert Alert<T>(
        AlertKind kind, string title, ReviewReport report, Func<StackReview, IEnumerable<T>> items, Func<T, ImmutableArray<AlertPart>> line) =>
        new(kind, title, [.. report.Stacks.SelectMany(stack => items(stack).Select(item => new AlertLine(stack.Stack, line(item))))]);

    private static ImmutableArray<AlertPart> Violation(ReviewViolation violation) => violation.Resource is { } resource
        ? [Foreign(violation.Policy), Own(": "), Foreign(resource), Own(" "), Foreign(violation.Message)]
        : [Foreign(violation.Policy), Own(": "), Foreign(violation.Message)];

    private static IEnumerable<AlertPart> Owner(string? owner) => owner is null ? [] : [Own(" of "), Foreign(owner)];

    private static AlertPart Own(string text) => new(text, IsForeign: false);

    private static AlertPart Foreign(string text) => new(text, IsForeign: true);
}

/// <param name="Stack">The stack it is in.</param>
/// <param name="Parts">What it says.</param>
internal sealed record AlertLine(string Stack, ImmutableArray<AlertPart> Parts);

/// <param name="Text">A piece of a line.</param>
/// <param name="IsForeign">Whether it comes from a definition, and so may hold anything.</param>
internal readonly record struct AlertPart(string Text, bool IsForeign);
