using System.Globalization;

namespace Provision.Cli.Review;

/// <summary>A report in sentences, the same in every format.</summary>
internal static class ReviewWords
{
    private static readonly (Effect Effect, string Verb)[] Disruptions = [(Effect.Delete, "deletes"), (Effect.Replace, "replaces"), (Effect.Restart, "restarts")];

    /// <summary>How bad it is, in a word or two.</summary>
    public static string Verdict(ReviewReport report) => VerdictOf(report) switch
    {
        ReviewVerdict.Failed => "Cannot be brought up",
        ReviewVerdict.Forbidden => "Against a policy",
        ReviewVerdict.Destructive => "Destroys or replaces",
        ReviewVerdict.Disruptive => "Interrupts",
        ReviewVerdict.Harmless => "Interrupts nothing",
        _ => "No changes",
    };

    public static ReviewVerdict VerdictOf(ReviewReport report)
    {
        var counts = ReviewCounts.Of(report);
        return report.HasFailed ? ReviewVerdict.Failed
            : report.Stacks.Any(stack => stack.Violations.Any(violation => violation.IsMandatory)) ? ReviewVerdict.Forbidden
            : counts.Hits.Has(Effect.Delete) || counts.Hits.Has(Effect.Replace) || counts.LostDisks + counts.LostVolumes > 0 ? ReviewVerdict.Destructive
            : counts.Hits.Has(Effect.Restart) || counts.CutOff > 0 ? ReviewVerdict.Disruptive
            : report.HasChanges ? ReviewVerdict.Harmless
            : ReviewVerdict.Nothing;
    }

    /// <summary>What it means for people, in one sentence: "Restarts 12 people's machines; loses no data."</summary>
    public static string Impact(IReadOnlyCollection<StackReview> stacks)
    {
        var workloads = stacks.SelectMany(stack => stack.Impact.Workloads).ToArray();
        var lost = stacks.SelectMany(stack => stack.Impact.Lost).ToArray();
        var parts = Disruptions.Select(disruption => Hit(disruption.Verb, [.. workloads.Where(workload => workload.Effect == disruption.Effect)])).OfType<string>().ToList();
        if (Hit("creates", [.. workloads.Where(workload => workload.Effect == Effect.Create)]) is { } created)
        {
            parts.Add(created);
        }

        if (Hit("changes without interruption", [.. workloads.Where(workload => workload.Effect == Effect.Live)]) is { } live)
        {
            parts.Add(live);
        }

        if (stacks.Sum(stack => stack.Impact.CutOff.Length) is > 0 and var cut)
        {
            parts.Add($"cuts {Count(cut, "connection")} of what does not change");
        }

        var (disks, volumes) = (lost.Count(one => one.IsDisk), lost.Count(one => !one.IsDisk));
        parts.Add((disks, volumes) switch
        {
            (0, 0) => "loses no data",
            (_, 0) => $"loses the data of {Count(disks, "disk")}",
            (0, _) => $"loses the data of {Count(volumes, "volume")}",
            _ => $"loses the data of {Count(disks, "disk")} and {Count(volumes, "volume")}",
        });
        var sentence = string.Join("; ", parts);
        return char.ToUpperInvariant(sentence[0]) + sentence[1..] + ".";
    }

    /// <summary>"3 stacks changed, 1 added, 36 unchanged".</summary>
    public static string Stacks(ReviewReport report)
    {
        var counts = ReviewCounts.Of(report).Stacks;
        return string.Join(", ", Enum.GetValues<StackChange>().OrderBy(change => change == StackChange.Unchanged)
            .Where(counts.Has)
            .Select((change, at) => at == 0 ? $"{Count(counts[change], "stack")} {Word(change)}" : $"{Number(counts[change])} {Word(change)}"));
    }

    public static string Word(StackChange change) => change == StackChange.Failed ? "cannot be brought up" : change.ToString().ToLowerInvariant();

    /// <summary>"main (1a2b3c4)".</summary>
    public static string Side(ReviewSide side) => side.Commit is { } commit && !commit.StartsWith(side.Name, StringComparison.Ordinal) ? $"{side.Name} ({Short(commit)})" : side.Commit is { } only ? Short(only) : side.Name;

    public static string Lost(LostData lost) => $"{(lost.IsDisk ? "disk" : "volume")} {lost.Name}{(lost.IsReplaced ? ", made anew" : "")}";

    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Count(int count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Short(string commit) => commit[..Math.Min(commit.Length, 7)];

    private static string? Hit(string verb, HitWorkload[] workloads)
    {
        if (workloads.Length == 0)
        {
            return null;
        }

        var (machines, containers) = (workloads.Count(workload => workload.IsMachine), workloads.Count(workload => !workload.IsMachine));
        var people = workloads.Select(workload => workload.Owner).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        var what = string.Join(" and ", new[] { machines > 0 ? Count(machines, "machine") : null, containers > 0 ? Count(containers, "container") : null }.OfType<string>());
        return people == 0 ? $"{verb} {what}" : $"{verb} {what} of {(people == 1 ? "1 person" : $"{Number(people)} people")}";
    }
}

/// <summary>How bad a change is; worse ones come later.</summary>
internal enum ReviewVerdict
{
    Nothing,
    Harmless,
    Disruptive,
    Destructive,
    Forbidden,
    Failed,
}
