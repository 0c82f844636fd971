using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Provision.Cli.Projects;
using Provision.Cli.Rendering;
using Provision.Cli.Rendering.Reviews;
using Provision.Cli.Review;
using Provision.Model;

namespace Provision.Cli.Commands;

/// <summary><c>provision diff</c>: what a change of the definitions would do to the stacks, from the definitions alone.</summary>
internal sealed class DiffCommand : ProvisionCommand
{
    private readonly Argument<string?> _range = new("base[..head]")
    {
        Description = "The revision to compare with, and the one to compare; without head: the working tree. Three dots compare from where the two parted",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<string[]> _stacks = new("stack") { Description = "The stacks; all where none is named", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<bool> _json = new("--json", "-j") { Description = "The report as JSON" };

    private readonly Option<bool> _markdown = new("--markdown") { Description = "The report as Markdown, ready for a comment on a pull request" };

    private readonly Option<bool> _html = new("--html") { Description = "The report as one HTML page" };

    private readonly Option<string?> _report = new("--report") { Description = "Show this report, made with --json, in place of comparing; - is standard input", HelpName = "file" };

    private readonly Option<bool> _detailed = new("--detailed-exitcode") { Description = "Exit 2 where anything would change, 0 where nothing would" };

    private readonly Option<string[]> _failOn = new("--fail-on")
    {
        Description = "Exit 5 where a machine, container, disk, volume, pool or network would see this: create, live, restart, replace, delete; several with commas",
        HelpName = "effects",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _diff = new("--diff") { Description = "Also show what new resources are made of" };

    private readonly Option<TimeSpan> _timeLimit = new("--time-limit")
    {
        Description = "How long a definition may take to be evaluated (default: 10s)",
        HelpName = "duration",
        CustomParser = OperationOptions.ParseDuration,
        DefaultValueFactory = _ => TimeSpan.FromSeconds(10),
    };

    private readonly Option<DataSize> _memoryLimit = new("--memory-limit")
    {
        Description = "How much memory evaluating definitions may take (default: 512MiB)",
        HelpName = "size",
        CustomParser = ParseSize,
        DefaultValueFactory = _ => ReviewLimits.DefaultMemory,
    };

    public DiffCommand(CommandRunner runner) : base(runner, "diff", "Show what a change of the definitions would do, from two revisions alone")
    {
        Add(_range);
        Add(_stacks);
        AddAll(_json, _markdown, _html, _report, _detailed, _failOn, _diff, _timeLimit, _memoryLimit);
        _failOn.Validators.Add(result =>
        {
            foreach (var word in result.Tokens.SelectMany(token => Words(token.Value)).Where(word => !Enum.TryParse<Effect>(word, ignoreCase: true, out _) || int.TryParse(word, out _)))
            {
                result.AddError($"--fail-on takes create, live, restart, replace and delete, not '{word}'.");
            }
        });
        Validators.Add(result =>
        {
            if (new[] { _json, _markdown, _html }.Count(format => result.GetValue(format)) > 1)
            {
                result.AddError("--json, --markdown and --html exclude each other.");
            }

            if (result.GetValue(_report) is null == result.GetValue(_range) is null)
            {
                result.AddError("Name either the revision to compare with, or a report with --report.");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        if (invocation.Parse.GetValue(_report) is { } file)
        {
            return Tell(invocation, await ReadAsync(invocation, file));
        }

        var text = invocation.Parse.GetValue(_range) ?? "";
        var range = RevisionRange.Parse(text) ?? throw new CliException(ExitCode.Configuration, ReviewDiagnostics.NoRange(text));
        var limits = new ReviewLimits(invocation.Parse.GetValue(_timeLimit), invocation.Parse.GetValue(_memoryLimit));
        void WarmUp(ReviewReport sample) => _ = Text(invocation.Parse, sample) ?? (object)Lines(invocation.Parse, sample).Count();
        using var run = new ReviewRun(() => ProjectFile.FindPath(invocation.Folder), limits, WarmUp, invocation.WorkerAhead);
        return Tell(invocation, run.Run(range, invocation.Parse.GetValue(_stacks) ?? [], invocation.Token));
    }

    /// <summary>Shows a report.</summary>
    /// <returns>What its content and the gates make of it.</returns>
    private ExitCode Tell(Invocation invocation, ReviewReport report)
    {
        var parse = invocation.Parse;
        Show(invocation, report);
        foreach (var problem in report.Base.Problems.Concat(report.Head.Problems))
        {
            invocation.Show(problem);
        }

        if (report.HasFailed)
        {
            return ExitCode.Error;
        }

        if (report.Stacks.Any(stack => stack.Violations.Any(violation => violation.IsMandatory)))
        {
            return ExitCode.Policy;
        }

        var counts = ReviewCounts.Of(report).Hits;
        ImmutableArray<string> hit =
        [
            .. (parse.GetValue(_failOn) ?? []).SelectMany(Words).Select(word => Enum.Parse<Effect>(word, ignoreCase: true)).Distinct()
                .Where(counts.Has)
                .Select(effect => $"{ReviewWords.Count(counts[effect], "resource")} would be {Effects.Done(effect)}"),
        ];
        return !hit.IsEmpty ? throw new CliException(ExitCode.Policy, ReviewDiagnostics.GateClosed(string.Join(", ", hit) + "."))
            // Only with this option does 2 mean "changes", as with preview.
            : parse.GetValue(_detailed) && report.HasChanges ? ExitCode.Configuration
            : ExitCode.Success;
    }

    private static async Task<ReviewReport> ReadAsync(Invocation invocation, string file)
    {
        var text = file == "-"
            ? await invocation.Io.In.ReadToEndAsync(invocation.Token)
            : await File.ReadAllTextAsync(Path.GetFullPath(file, invocation.Io.CurrentFolder), invocation.Token);
        try
        {
            return ReviewJsonReader.Read(text);
        }
        catch (FormatException malformed)
        {
            throw new CliException(ExitCode.Configuration, ReviewDiagnostics.NotAReport(file, malformed.Message));
        }
    }

    private void Show(Invocation invocation, ReviewReport report)
    {
        if (Text(invocation.Parse, report) is { } text)
        {
            invocation.WriteText(text);
        }
        else
        {
            invocation.Out.Lines(Lines(invocation.Parse, report));
        }
    }

    /// <summary>The report in the form that was asked for, where that is a document; null where it is lines on a screen.</summary>
    private string? Text(ParseResult parse, ReviewReport report) =>
        parse.GetValue(_json) ? ReviewJsonWriter.Text(report)
        : parse.GetValue(_markdown) ? ReviewMarkdown.Text(report)
        : parse.GetValue(_html) ? ReviewHtml.Text(report)
        : null;

    private IEnumerable<StyledLine> Lines(ParseResult parse, ReviewReport report) => ReviewText.Lines(report, new PlanViewOptions(Diff: parse.GetValue(_diff)));

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static DataSize ParseSize(ArgumentResult result)
    {
        if (DataSize.TryParse(result.Tokens[^1].Value, null, out var size) && size >= 64.MiB)
        {
            return size;
        }

        result.AddError($"'{result.Tokens[^1].Value}' is no size from 64MiB up: write 512MiB or 2GiB.");
        return default;
    }
}
