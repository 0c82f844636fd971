using System.Text.RegularExpressions;
using Provision.Cli;
using Provision.Cli.Rendering.Reviews;
using Provision.Cli.Review;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>Markdown and HTML of reports that say whatever they like.</summary>
public sealed partial class ReviewFormsTests
{
    private const string Hostile = "x</code><script>alert(1)</script>\n# Title\n@everyone ![a](http://evil.example) `` ``` </details> | #12 \u001b[31m\u202e";

    [Fact]
    public void In_markdown_foreign_text_begins_nothing()
    {
        var text = ReviewMarkdown.Text(Report(Stack(Hostile, Hostile)));

        Assert.DoesNotContain("<script", Outside(text), StringComparison.Ordinal);
        Assert.DoesNotContain('@', Outside(text));
        Assert.DoesNotContain("http://", Outside(text), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        Assert.DoesNotContain("\n# Title", text, StringComparison.Ordinal);
        Assert.StartsWith("<!-- provision-diff ", text, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(text, "-->"));
        // Each fence is closed by its like, so that what follows is ours again.
        Assert.All(FencePattern().Matches(text), fence => Assert.DoesNotContain("\n" + fence.Groups["mark"].Value, fence.Groups["body"].Value, StringComparison.Ordinal));
        Assert.Equal(Regex.Count(Outside(text), "<details>"), Regex.Count(Outside(text), "</details>"));
    }

    [Fact]
    public void In_html_foreign_text_is_text()
    {
        var page = ReviewHtml.Text(Report(Stack(Hostile, Hostile)));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', page);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(page, "<details"), Regex.Count(page, "</details>"));
    }

    [Theory]
    [InlineData(1, 5_000)]
    [InlineData(200, 300)]
    [InlineData(1_000, 1)]
    public void A_comment_stays_below_its_limit_and_keeps_what_matters(int stacks, int steps)
    {
        var text = ReviewMarkdown.Text(Report([.. Enumerable.Range(0, stacks).Select(n => Stack($"group-{n}", "a name of some length, as people give them", steps))]));

        Assert.InRange(text.Length, 1_000, ReviewMarkdown.Limit);
        Assert.Contains("**Deletes ", text, StringComparison.Ordinal);
        Assert.Contains("Data is lost: ", text, StringComparison.Ordinal);
        Assert.Contains("| stack |", text, StringComparison.Ordinal);
        Assert.Matches(@"more lines|are left out", text);
    }

    [Fact]
    public void A_report_survives_its_json()
    {
        var report = Report(Stack("lab", Hostile));

        var read = ReviewJsonReader.Read(ReviewJsonWriter.Text(report));

        Assert.Equal(ReviewJsonWriter.Text(report), ReviewJsonWriter.Text(read));
        Assert.Equal(ReviewHtml.Text(report), ReviewHtml.Text(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":1,\"tool\":\"\",\"project\":\"p\",\"base\":{\"name\":\"a\",\"problems\":[]},\"head\":{\"name\":\"b\",\"problems\":[]},\"stacks\":[{\"name\":\"s\",\"change\":\"7\"}]}")]
    [InlineData("{\"version\":1,\"tool\":\"\",\"project\":7}")]
    public void What_is_no_report_is_refused(string text) => Assert.Throws<FormatException>(() => ReviewJsonReader.Read(text));

    /// <summary>What is left without fenced blocks, where text is text.</summary>
    private static string Outside(string markdown) => FencePattern().Replace(markdown, "");

    private static ReviewReport Report(params StackReview[] stacks) => new()
    {
        Project = Hostile,
        ToolVersion = "v0.1.0",
        Base = new ReviewSide(Hostile, null),
        Head = new ReviewSide("working tree", null),
        Stacks = [.. stacks],
    };

    private static StackReview Stack(string name, string said, int steps = 3) => new()
    {
        Stack = name,
        Change = StackChange.Changed,
        Impact = new ReviewImpact
        {
            Workloads = [new HitWorkload(said, true, Effect.Delete, said)],
            Lost = [new LostData(said, true, false, said)],
            CutOff = [new LostConnection(said, said, Effect.Replace, said)],
            Renames = [new PossibleRename(said, said)],
        },
        Capacity = [new CapacityChange(said, "memory", 1, 2 << 20, 1, true)],
        Violations = [new ReviewViolation(said, false, said, said, said)],
        BaseProblems = [new Diagnostic(Severity.Error, "PROV1", "Wrong", said, said)],
        Plan = new Plan
        {
            Operation = Operation.Up,
            Steps =
            [
                .. Enumerable.Range(0, steps).Select(n => new PlannedStep
                {
                    // Letters, for numbers would be folded.
                    Op = StepOp.Update,
                    Urn = Urn.Create("lab", "demo", null, new ResourceType("docker:index/container:Container"), said + new string((char)('a' + n % 26), 1 + n / 26)),
                    Custom = true,
                    Remark = said,
                    Changes = [new PropertyDiff(PropertyPath.Of("image"), DiffKind.Update, ApplyClass.Restart, said, said + "!")],
                    Old = new ResourceState { Urn = Urn.OfStack("lab", "demo"), Custom = true },
                }),
            ],
        },
    };

    [GeneratedRegex(@"^(?:> )?(?<mark>`{3,})\w*\n(?<body>.*?)\n(?:> )?\k<mark>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencePattern();
}
