using Provision.Cli.Review;

namespace Provision.Cli.Rendering.Reviews;

/// <summary>A report as text: each stack that changes as its plan, what that means for people, and the verdict at the end, where a terminal stops.</summary>
internal static class ReviewText
{
    private const int Listed = 10;

    public static IEnumerable<StyledLine> Lines(ReviewReport report, PlanViewOptions options)
    {
        yield return StyledLine.Of($"Comparing {ReviewWords.Side(report.Base)} with {ReviewWords.Side(report.Head)}:", Tone.Headline);
        yield return StyledLine.Empty;
        foreach (var stack in report.Told)
        {
            foreach (var line in StackLines(stack, options))
            {
                yield return line;
            }
        }

        if (!report.Stacks.IsEmpty)
        {
            yield return StyledLine.Of(ReviewWords.Stacks(report) + ".", Tone.Strong);
        }

        if (report.HasChanges)
        {
            yield return StyledLine.Of(ReviewWords.Verdict(report) + ": ", ToneOf(ReviewWords.VerdictOf(report))).Add(ReviewWords.Impact(report.Stacks));
        }
    }

    private static IEnumerable<StyledLine> StackLines(StackReview stack, PlanViewOptions options)
    {
        yield return StyledLine.Of("Stack ").Add(stack.Stack, Tone.Strong).Add($": {ReviewWords.Word(stack.Change)}", stack.Change == StackChange.Failed ? Tone.Error : Tone.Plain);
        yield return StyledLine.Empty;
        if (!stack.BaseProblems.IsEmpty)
        {
            yield return StyledLine.Of("  What it is compared with cannot be evaluated, so it is shown as if it were new:", Tone.Warning);
            foreach (var line in stack.BaseProblems.SelectMany(DiagnosticView.Lines))
            {
                yield return StyledLine.Of("  ").Join(line);
            }

            yield return StyledLine.Empty;
        }

        foreach (var line in stack.Problems.SelectMany(DiagnosticView.Lines))
        {
            yield return StyledLine.Of("  ").Join(line);
        }

        foreach (var line in PlanView.Changes(stack.Plan, options).Concat(ImpactLines(stack)).Concat(CapacityLines(stack)))
        {
            yield return line;
        }

        foreach (var violation in stack.Violations)
        {
            yield return StyledLine.Of(violation.IsMandatory ? "  Against the policy " : "  Against the advice ", violation.IsMandatory ? Tone.Error : Tone.Warning)
                .Add(violation.Policy, Tone.Strong).Add($": {(violation.Resource is { } resource ? resource + ": " : "")}{violation.Message}");
        }

        yield return StyledLine.Empty;
    }

    private static IEnumerable<StyledLine> ImpactLines(StackReview stack)
    {
        var impact = stack.Impact;
        if (stack.Change == StackChange.Failed && impact.Workloads.IsEmpty)
        {
            yield break;
        }

        yield return StyledLine.Of("  " + ReviewWords.Impact([stack]));
        foreach (var line in List("Data lost: ", Tone.Error, impact.Lost, lost => ReviewWords.Lost(lost) + Owner(lost.Owner))
            .Concat(List("Loses a connection: ", Tone.Warning, impact.CutOff, cut => $"{cut.Name}{Owner(cut.Owner)}, because {cut.From} is {Effects.Done(cut.Effect)}"))
            .Concat(List("Perhaps renamed: ", Tone.Info, impact.Renames, rename => $"{rename.Old} to {rename.New}: Aliases = [\"{rename.Old}\"] in its Lifecycle keeps it")))
        {
            yield return line;
        }
    }

    private static IEnumerable<StyledLine> List<T>(string label, Tone tone, IReadOnlyCollection<T> items, Func<T, string> text) =>
    [
        .. items.Take(Listed).Select(item => StyledLine.Of("  " + label, tone).Add(text(item))),
        .. items.Count > Listed ? [StyledLine.Of($"  {label}and {items.Count - Listed} more", tone)] : Array.Empty<StyledLine>(),
    ];

    private static IEnumerable<StyledLine> CapacityLines(StackReview stack)
    {
        var changed = stack.Capacity.Where(row => row.Before != row.After || row.Exceeds).ToArray();
        return changed.Length == 0
            ? []
            : Table.Lines(
                ["  Where", "Quantity", "Before", "After", "Of"],
                [
                    .. changed.Select(row => new[]
                    {
                        new StyledSpan("  " + row.Where, Tone.Plain),
                        new StyledSpan(row.Quantity, Tone.Plain),
                        new StyledSpan(CapacityText.Of(row.Before, row.IsBytes), Tone.Dim),
                        new StyledSpan(CapacityText.Of(row.After, row.IsBytes), row.Exceeds ? Tone.Error : Tone.Plain),
                        new StyledSpan(row.Available is { } available ? CapacityText.Of(available, row.IsBytes) : "", Tone.Dim),
                    }),
                ]);
    }

    private static string Owner(string? owner) => owner is null ? "" : $" of {owner}";

    private static Tone ToneOf(ReviewVerdict verdict) => verdict switch
    {
        ReviewVerdict.Failed or ReviewVerdict.Forbidden or ReviewVerdict.Destructive => Tone.Error,
        ReviewVerdict.Disruptive => Tone.Warning,
        _ => Tone.Create,
    };
}
