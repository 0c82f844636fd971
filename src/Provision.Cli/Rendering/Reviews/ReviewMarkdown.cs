using System.Globalization;
using System.Text;
using Provision.Cli.Review;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Rendering.Reviews;

/// <summary>
/// A report as a comment on a pull request: a marker by which it is found again, the verdict, what is lost or interrupted, the counts, and each stack folded.
/// It stays below the length that sites take, at the cost of the folded parts.
/// </summary>
internal static class ReviewMarkdown
{
    /// <summary>Sites take 65,536 characters, and count some twice.</summary>
    public const int Limit = 64_000;

    private const int Listed = 20;
    private const int ListedStacks = 60;

    // Room for the line that says what was left out.
    private const int Reserve = 300;

    /// <summary>Hidden in the comment: whoever posts the next one looks for it.</summary>
    public static string Marker(string project) => $"<!-- provision-diff {MarkdownText.Escape(project).Replace("--", "-&#45;", StringComparison.Ordinal)} -->";

    public static string Text(ReviewReport report)
    {
        var text = new StringBuilder();
        text.Append(Marker(report.Project)).Append('\n');
        Head(text, report);
        Red(text, report);
        Counts(text, report);
        Capacity(text, report);
        Details(text, report);
        return text.ToString().TrimEnd('\n');
    }

    private static void Head(StringBuilder text, ReviewReport report)
    {
        var verdict = ReviewWords.VerdictOf(report);
        text.Append(CultureInfo.InvariantCulture, $"## {Sign(verdict)} {MarkdownText.Code(report.Project)}: {ReviewWords.Verdict(report).ToLowerInvariant()}\n\n");
        if (report.HasChanges)
        {
            text.Append(CultureInfo.InvariantCulture, $"**{ReviewWords.Impact(report.Stacks)}**\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{MarkdownText.Code(ReviewWords.Side(report.Base))} → {MarkdownText.Code(ReviewWords.Side(report.Head))}");
        text.Append(report.Stacks.IsEmpty ? "\n\n" : $": {ReviewWords.Stacks(report)}.\n\n");
    }

    /// <summary>What must not be overlooked.</summary>
    private static void Red(StringBuilder text, ReviewReport report)
    {
        Problems(text, "The head cannot be evaluated", report.Head.Problems.Where(IsError));
        Problems(text, "The base cannot be evaluated, so everything is shown as new", report.Base.Problems.Where(IsError));
        foreach (var stack in report.Stacks.Where(stack => stack.Change == StackChange.Failed).Take(Listed))
        {
            Problems(text, $"{MarkdownText.Code(stack.Stack)} cannot be brought up", stack.Problems.Where(IsError));
        }

        foreach (var stack in report.Stacks.Where(stack => ReviewReport.HasErrors(stack.BaseProblems)).Take(Listed))
        {
            Problems(text, $"What {MarkdownText.Code(stack.Stack)} is compared with cannot be evaluated, so it is shown as new", stack.BaseProblems.Where(IsError));
        }

        foreach (var alert in ReviewAlert.Of(report))
        {
            Alert(text, alert, namesStacks: report.Stacks.Length > 1);
        }
    }

    private static void Alert(StringBuilder text, ReviewAlert alert, bool namesStacks)
    {
        text.Append(CultureInfo.InvariantCulture, $"> [!{Word(alert.Kind)}]\n> **{alert.Title}: {alert.Lines.Length}**\n>\n");
        foreach (var line in alert.Lines.Take(Listed))
        {
            var said = string.Concat(line.Parts.Select(part => part.IsForeign ? MarkdownText.Code(part.Text) : part.Text));
            text.Append(CultureInfo.InvariantCulture, $"> - {(namesStacks ? MarkdownText.Code(line.Stack) + " " : "")}{said}\n");
        }

        if (alert.Lines.Length > Listed)
        {
            text.Append(CultureInfo.InvariantCulture, $"> - and {alert.Lines.Length - Listed} more\n");
        }

        text.Append('\n');
    }

    private static string Word(AlertKind kind) => kind switch
    {
        AlertKind.Danger => "CAUTION",
        AlertKind.Warning => "WARNING",
        AlertKind.Advice => "NOTE",
        _ => "TIP",
    };

    private static void Problems(StringBuilder text, string title, IEnumerable<Diagnostic> problems)
    {
        var all = problems.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"> [!CAUTION]\n> **{title}**\n>\n");
        var lines = all.Take(Listed).SelectMany(problem => DiagnosticView.Lines(problem)).Select(line => line.ToString());
        foreach (var line in MarkdownText.Fence("", lines.Select(line => Cut(line, 400))).Split('\n'))
        {
            text.Append("> ").Append(line).Append('\n');
        }

        text.Append('\n');
    }

    private static void Counts(StringBuilder text, ReviewReport report)
    {
        var told = report.Told.ToArray();
        if (told.Length == 0)
        {
            return;
        }

        text.Append("| stack | | created | changed live | restarted | replaced | deleted | people interrupted |\n|---|---|--:|--:|--:|--:|--:|--:|\n");
        foreach (var stack in told.Take(ListedStacks))
        {
            var counts = ReviewCounts.Of([stack]);
            text.Append(CultureInfo.InvariantCulture, $"| {MarkdownText.Code(stack.Stack)} | {ReviewWords.Word(stack.Change)} |");
            foreach (var effect in Enum.GetValues<Effect>())
            {
                text.Append(CultureInfo.InvariantCulture, $" {Bold(counts.Resources[effect], effect > Effect.Restart)} |");
            }

            text.Append(CultureInfo.InvariantCulture, $" {counts.PeopleInterrupted} |\n");
        }

        if (told.Length > ListedStacks)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nand {told.Length - ListedStacks} more stacks\n");
        }

        text.Append('\n');
    }

    private static void Capacity(StringBuilder text, ReviewReport report)
    {
        var rows = report.Stacks.SelectMany(stack => stack.Capacity.Where(row => row.Before != row.After || row.Exceeds).Select(row => (stack.Stack, Row: row))).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        text.Append("<details><summary>What hosts and networks have to give</summary>\n\n| stack | where | quantity | before | after | of |\n|---|---|---|--:|--:|--:|\n");
        foreach (var (stack, row) in rows.Take(ListedStacks))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {MarkdownText.Code(stack)} | {MarkdownText.Code(row.Where)} | {MarkdownText.Escape(row.Quantity)} | {CapacityText.Of(row.Before, row.IsBytes)} | {(row.Exceeds ? "**" : "")}{CapacityText.Of(row.After, row.IsBytes)}{(row.Exceeds ? "**" : "")} | {(row.Available is { } available ? CapacityText.Of(available, row.IsBytes) : "")} |\n");
        }

        if (rows.Length > ListedStacks)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nand {rows.Length - ListedStacks} more\n");
        }

        text.Append("\n</details>\n\n");
    }

    private static void Details(StringBuilder text, ReviewReport report)
    {
        var leftOut = 0;
        foreach (var stack in report.Told.Where(stack => stack.Plan.HasChanges || stack.Change == StackChange.Changed))
        {
            var lines = PlanView.Changes(stack.Plan, new PlanViewOptions()).Select(line => Marked(line.ToString())).ToList();
            while (lines.Count > 0 && lines[^1].Length == 0)
            {
                lines.RemoveAt(lines.Count - 1);
            }

            if (lines.Count == 0)
            {
                continue;
            }

            var opening = $"<details><summary>{MarkdownText.Code(stack.Stack)}</summary>\n\n";
            const string Closing = "\n\n</details>\n\n";
            var room = Limit - Reserve - text.Length - opening.Length - Closing.Length;
            var fitting = Fit(lines, room - 40);
            if (fitting == 0)
            {
                leftOut++;
                continue;
            }

            var shown = fitting < lines.Count ? lines.Take(fitting).Append($"… {lines.Count - fitting} more lines") : lines;
            text.Append(opening).Append(MarkdownText.Fence("diff", shown)).Append(Closing);
        }

        if (leftOut > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"_The details of {ReviewWords.Count(leftOut, "stack")} are left out: there is no room for them in a comment._\n");
        }
    }

    /// <summary>How many lines there is room for.</summary>
    private static int Fit(IEnumerable<string> lines, int room)
    {
        var count = 0;
        foreach (var line in lines)
        {
            room -= line.Length + 1;
            if (room < 0)
            {
                break;
            }

            count++;
        }

        return count;
    }

    // A block of the language "diff" is coloured by what its lines begin with: the marks go there.
    private static string Marked(string line)
    {
        var text = line.TrimStart();
        var indent = line.Length - text.Length;
        return text switch
        {
            ['+', '-', ..] => "! " + new string(' ', Math.Max(0, indent - 1)) + text,
            ['+' or '-', ..] => text[0] + new string(' ', indent) + text[1..],
            ['~', ..] => "! " + new string(' ', Math.Max(0, indent - 1)) + text,
            _ => line,
        };
    }

    private static string Cut(string line, int length) => line.Length <= length ? line : line[..length] + "…";

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == Severity.Error;

    private static string Bold(int count, bool bold) => bold && count > 0 ? $"**{count}**" : count.ToString(CultureInfo.InvariantCulture);

    private static string Sign(ReviewVerdict verdict) => verdict switch
    {
        ReviewVerdict.Failed or ReviewVerdict.Forbidden => "⛔",
        ReviewVerdict.Destructive => "🔴",
        ReviewVerdict.Disruptive => "🟠",
        ReviewVerdict.Harmless => "🟢",
        _ => "⚪",
    };
}
