using System.Globalization;
using System.Net;
using System.Text;
using Provision.Cli.Review;
using Provision.Cli.Topology;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Rendering.Reviews;

/// <summary>A report as one HTML page that needs nothing beside it: no scripts, no fonts, no network. Light or dark, as its reader has it.</summary>
internal static class ReviewHtml
{
    // Nothing may be loaded and nothing may run, whatever gets into the page.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private const string Style = """
        :root { color-scheme: light dark; --page: #fff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --panel: #f6f8fa; --red: #b3261e; --redpanel: #fdecea; --amber: #8a5300; --amberpanel: #fff4e0; --green: #116329; --greenpanel: #e6f4ea; --blue: #0550ae; }
        @media (prefers-color-scheme: dark) { :root { --page: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --panel: #151b23; --red: #ff8a80; --redpanel: #3a1513; --amber: #ffb74d; --amberpanel: #33240b; --green: #6fdd8b; --greenpanel: #10281a; --blue: #79b8ff; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
        code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88em; }
        code { overflow-wrap: anywhere; }
        .faint { color: var(--faint); }
        .verdict { border: 1px solid var(--line); border-left: .4rem solid var(--green); background: var(--greenpanel); padding: .75rem 1rem; border-radius: .4rem; margin: 1rem 0; }
        .verdict b { display: block; font-size: 1.1rem; }
        .verdict.red { border-left-color: var(--red); background: var(--redpanel); } .verdict.amber { border-left-color: var(--amber); background: var(--amberpanel); } .verdict.none { border-left-color: var(--line); background: var(--panel); }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
        .red { color: var(--red); } .amber { color: var(--amber); } .bad { color: var(--red); font-weight: 600; }
        section.alert { border: 1px solid var(--line); border-left: .3rem solid var(--amber); border-radius: .4rem; padding: .5rem 1rem; margin: .75rem 0; color: var(--ink); } section.alert.red { border-left-color: var(--red); } section.alert h3 { font-size: 1rem; margin: 0 0 .25rem; } section.alert.red h3 { color: var(--red); } section.alert.amber h3 { color: var(--amber); } section.alert ul { margin: 0; padding-left: 1.25rem; }
        details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; background: var(--panel); } summary { cursor: pointer; padding: .5rem .75rem; font-weight: 600; } details > div { padding: 0 .75rem .75rem; }
        pre { overflow-x: auto; margin: 0; padding: .5rem 0; line-height: 1.4; }
        .c-create { color: var(--green); } .c-update { color: var(--amber); } .c-replace, .c-delete, .c-error { color: var(--red); } .c-warning { color: var(--amber); } .c-dim { color: var(--faint); } .c-strong { font-weight: 600; } .c-info, .c-headline { color: var(--blue); }
        .picture { overflow-x: auto; } .picture svg { max-width: 100%; height: auto; }
        """;

    public static string Text(ReviewReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Escape(report.Project)}: {ReviewWords.Verdict(report).ToLowerInvariant()}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>{Escape(report.Project)}</h1>
            <p class="faint"><code>{Escape(ReviewWords.Side(report.Base))}</code> → <code>{Escape(ReviewWords.Side(report.Head))}</code>{(report.Stacks.IsEmpty ? "" : ": " + ReviewWords.Stacks(report) + ".")}</p>
            <div class="verdict {Class(ReviewWords.VerdictOf(report))}"><b>{ReviewWords.Verdict(report)}</b>{(report.HasChanges ? ReviewWords.Impact(report.Stacks) : "")}</div>

            """);
        Problems(page, "The head cannot be evaluated", report.Head.Problems.Where(IsError));
        Problems(page, "The base cannot be evaluated, so everything is shown as new", report.Base.Problems.Where(IsError));
        foreach (var alert in ReviewAlert.Of(report))
        {
            Alert(page, alert, namesStacks: report.Stacks.Length > 1);
        }

        Counts(page, report);
        Capacity(page, report);
        foreach (var stack in report.Told)
        {
            Stack(page, stack);
        }

        page.Append(CultureInfo.InvariantCulture, $"<p class=\"faint\">Made by provision {Escape(report.ToolVersion)} from the definitions alone: no state was read and no host was asked.</p>\n</body>\n</html>");
        return page.ToString();
    }

    private static void Alert(StringBuilder page, ReviewAlert alert, bool namesStacks)
    {
        // Many are folded away, and none is left out.
        var isLong = alert.Lines.Length > 12;
        var tone = alert.Kind switch { AlertKind.Danger => "red", AlertKind.Hint => "note", _ => "amber" };
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"alert {tone}\"><h3>{alert.Title}: {alert.Lines.Length}</h3>");
        page.Append(isLong ? "<details><summary>Which</summary><div>" : "").Append("<ul>");
        foreach (var line in alert.Lines)
        {
            var said = string.Concat(line.Parts.Select(part => part.IsForeign ? Code(part.Text) : part.Text));
            page.Append(CultureInfo.InvariantCulture, $"<li>{(namesStacks ? Code(line.Stack) + " " : "")}{said}</li>");
        }

        page.Append("</ul>").Append(isLong ? "</div></details>" : "").Append("</section>\n");
    }

    private static void Counts(StringBuilder page, ReviewReport report)
    {
        var told = report.Told.ToArray();
        if (told.Length == 0)
        {
            return;
        }

        page.Append("<h2>Stacks</h2>\n<table><tr><th>stack</th><th></th>");
        foreach (var effect in Enum.GetValues<Effect>())
        {
            page.Append(CultureInfo.InvariantCulture, $"<th class=\"n\">{Effects.Done(effect)}</th>");
        }

        page.Append("<th class=\"n\">people interrupted</th></tr>\n");
        foreach (var stack in told)
        {
            var counts = ReviewCounts.Of([stack]);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Code(stack.Stack)}</td><td>{ReviewWords.Word(stack.Change)}</td>");
            foreach (var effect in Enum.GetValues<Effect>())
            {
                var count = counts.Resources[effect];
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"n{(effect > Effect.Restart && count > 0 ? " bad" : "")}\">{count}</td>");
            }

            page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{counts.PeopleInterrupted}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void Capacity(StringBuilder page, ReviewReport report)
    {
        var rows = report.Stacks.SelectMany(stack => stack.Capacity.Where(row => row.Before != row.After || row.Exceeds).Select(row => (stack.Stack, Row: row))).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        page.Append("<h2>Capacity</h2>\n<table><tr><th>stack</th><th>where</th><th>quantity</th><th class=\"n\">before</th><th class=\"n\">after</th><th class=\"n\">of</th></tr>\n");
        foreach (var (stack, row) in rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Code(stack)}</td><td>{Code(row.Where)}</td><td>{Escape(row.Quantity)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{CapacityText.Of(row.Before, row.IsBytes)}</td><td class=\"n{(row.Exceeds ? " bad" : "")}\">{CapacityText.Of(row.After, row.IsBytes)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{(row.Available is { } available ? CapacityText.Of(available, row.IsBytes) : "")}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void Stack(StringBuilder page, StackReview stack)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2><code>{Escape(stack.Stack)}</code>: {ReviewWords.Word(stack.Change)}</h2>\n");
        Problems(page, "It cannot be brought up", stack.Problems.Where(IsError));
        Problems(page, "What it is compared with cannot be evaluated, so it is shown as new", stack.BaseProblems.Where(IsError));
        var roots = TopologyTree.Build(TopologyItems.Of(stack.Plan));
        if (!roots.IsEmpty)
        {
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"picture\">{TopologySvg.Of(TopologyLayout.Of(roots), stack.Stack)}</div>\n");
        }

        var lines = PlanView.Changes(stack.Plan, new PlanViewOptions(Diff: true)).ToArray();
        if (lines.Length > 0)
        {
            page.Append("<details open><summary>What changes</summary><div><pre>");
            Lines(page, PlanView.Changes(stack.Plan, new PlanViewOptions()));
            page.Append("</pre></div></details>\n<details><summary>Everything, with what new resources are made of</summary><div><pre>");
            Lines(page, lines);
            page.Append("</pre></div></details>\n");
        }
    }

    private static void Problems(StringBuilder page, string title, IEnumerable<Diagnostic> problems)
    {
        var lines = problems.SelectMany(DiagnosticView.Lines).ToArray();
        if (lines.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<section class=\"alert red\"><h3>{title}</h3><pre>");
            Lines(page, lines);
            page.Append("</pre></section>\n");
        }
    }

    private static void Lines(StringBuilder page, IEnumerable<StyledLine> lines)
    {
        foreach (var line in lines)
        {
            foreach (var span in line.Spans)
            {
                page.Append(span.Tone == Tone.Plain ? Escape(span.Text) : $"<span class=\"c-{span.Tone.ToString().ToLowerInvariant()}\">{Escape(span.Text)}</span>");
            }

            page.Append('\n');
        }
    }

    private static string Code(string text) => $"<code>{Escape(text)}</code>";

    private static string Escape(string text) => WebUtility.HtmlEncode(SafeText.Of(text));

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == Severity.Error;

    private static string Class(ReviewVerdict verdict) => verdict switch
    {
        ReviewVerdict.Failed or ReviewVerdict.Forbidden or ReviewVerdict.Destructive => "red",
        ReviewVerdict.Disruptive => "amber",
        ReviewVerdict.Nothing => "none",
        _ => "",
    };
}
