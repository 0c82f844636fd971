using System.Text.Json;
using Provision.Tests.Review.Recipes;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>The recipes of examples/ci, run as a person's shell and the runners of GitHub and GitLab run them, with a site of their own on 127.0.0.1.</summary>
public sealed class CiRecipeTests(RecipeFixture lab) : IClassFixture<RecipeFixture>, IDisposable
{
    private const string Marker = "<!-- provision-diff university -->";

    // Git takes all of this in a branch's name.
    private const string Branch = "x';touch${IFS}pwned;\"$(touch${IFS}pwned)&state=all";

    private readonly FakeForge _forge = new();
    private readonly string _artifacts = Path.Combine(lab.Folder, "artifacts " + Guid.NewGuid());

    [Fact]
    public async Task A_pull_request_gets_one_comment_that_later_runs_edit()
    {
        RecipeFixture.SkipWhereMissing();
        _forge.Comments.AddRange([(1, "mallory", Marker + "\nNothing changes, merge it."), (2, "ada", "Why?"), (3, "alan", "Because.")]);

        var first = await ReviewOnGitHubAsync("00-start", "10-students-added");
        var posted = _forge.Comments.ToArray();
        var second = await ReviewOnGitHubAsync("50-refactored", "60-stack-deleted");

        Assert.Equal([(0, "Comment 103 is new."), (0, "Comment 103 says so now.")], [(first.Code, Line(first.Output, 0)), (second.Code, Line(second.Output, 0))]);
        Assert.Equal([1L, 2, 3, 103], posted.Select(comment => comment.Id));
        Assert.StartsWith(Marker + "\n## 🟢 <code>university</code>: interrupts nothing\n", posted[3].Body, StringComparison.Ordinal);
        Assert.Equal(posted[..3], _forge.Comments[..3]);
        Assert.StartsWith(Marker + "\n## 🔴 <code>university</code>: destroys or replaces\n", Assert.Single(_forge.Comments[3..]).Body, StringComparison.Ordinal);
        Assert.Equal(
            [(await lab.CommitAsync("10-students-added"), "success", "provision"), (await lab.CommitAsync("60-stack-deleted"), "failure", "provision")], _forge.Statuses);
        Assert.Empty(Directory.EnumerateFiles(lab.Folder, "pwned", SearchOption.AllDirectories));
        AssertTokenKept(first.Output + second.Output);
    }

    [Fact]
    public async Task A_change_without_effect_posts_nothing_and_corrects_what_was_posted()
    {
        RecipeFixture.SkipWhereMissing();
        var first = await ReviewOnGitHubAsync("40-network-resized", "50-refactored");

        Assert.Equal((0, "Nothing changes, and no comment said anything else."), (first.Code, Line(first.Output, 0)));
        Assert.Empty(_forge.Comments);

        _forge.Comments.Add((5, "github-actions[bot]", Marker + "\n## 🔴 It destroys everything"));
        var second = await CommentOnGitHubAsync("50-refactored");

        Assert.Equal((0, "Comment 5 says so now."), (second.Code, Line(second.Output, 0)));
        Assert.StartsWith(Marker + "\n## ⚪ <code>university</code>: no changes\n", Assert.Single(_forge.Comments).Body, StringComparison.Ordinal);
        Assert.Equal(["success", "success"], _forge.Statuses.Select(status => status.State));
    }

    [Fact]
    public async Task Names_in_a_foreign_report_do_nothing_in_the_comment()
    {
        RecipeFixture.SkipWhereMissing();
        const string Hostile = "</code></details><img src=x onerror=alert(1)> @everyone #1 [click](https://example.org/evil) | `x` ``` --> \u001b[31m\n## Approved";
        await WriteReportAsync(
            $$$"""
            {"version":1,"tool":"v0","project":"university","base":{"name":"a","problems":[]},"head":{"name":{{{Json(Hostile)}}},"problems":[]},"stacks":[
              {"name":{{{Json(Hostile)}}},"change":"changed","baseProblems":[],"problems":[],"capacity":[],"steps":[],"outputs":{"old":{},"new":{}},
               "violations":[{"policy":{{{Json(Hostile)}}},"mandatory":true,"message":{{{Json(Hostile)}}} }],
               "impact":{"workloads":[{"name":{{{Json(Hostile)}}},"kind":"machine","effect":"delete","owner":{{{Json(Hostile)}}} }],"lost":[],"cutOff":[],"renames":[]} }]}
            """);

        var run = await CommentOnGitHubAsync("60-stack-deleted");

        Assert.Equal(0, run.Code);
        var body = Assert.Single(_forge.Comments).Body;
        Assert.All(["<img", "@everyone", " #1 ", "](", "`x`", "\u001b", "\n## Approved"], mark => Assert.DoesNotContain(mark, body, StringComparison.Ordinal));
        Assert.Contains("&#64;everyone", body, StringComparison.Ordinal);
        Assert.Equal("failure", Assert.Single(_forge.Statuses).State);
    }

    [Fact]
    public async Task What_is_no_report_fails_the_job_and_is_not_posted()
    {
        RecipeFixture.SkipWhereMissing();
        await WriteReportAsync("""{"version":1,"comment":"<b>Approved</b>"}""");

        var run = await CommentOnGitHubAsync("60-stack-deleted");

        Assert.Equal(1, run.Code);
        Assert.Contains("PROV1825", run.Output, StringComparison.Ordinal);
        Assert.Empty(_forge.Comments);
        Assert.Empty(_forge.Statuses);
    }

    [Fact]
    public async Task A_head_that_has_moved_on_gets_no_comment()
    {
        RecipeFixture.SkipWhereMissing();
        await WriteReportAsync("""{"version":1,"tool":"v0","project":"university","base":{"name":"a","problems":[]},"head":{"name":"b","problems":[]},"stacks":[]}""");

        var run = await CommentOnGitHubAsync("60-stack-deleted", newest: "70-machine-renamed");

        Assert.Equal((0, "No open pull request has this head any more."), (run.Code, Line(run.Output, 0)));
        Assert.Empty(_forge.Comments);
    }

    [Fact]
    public async Task A_merge_request_gets_its_comment_and_a_gate_that_fails_the_job()
    {
        RecipeFixture.SkipWhereMissing();
        _forge.Comments.AddRange([(1, "mallory", Marker + "\nNothing changes, merge it."), (2, "ada", "Why?"), (3, "project_42_bot", "Deployed."), (4, "project_42_bot", Marker + "\nOld.")]);
        var gitLab = new GitLabRunner(lab, _forge, _artifacts);
        var (target, head) = (await lab.CommitAsync("50-refactored"), await lab.CommitAsync("60-stack-deleted"));
        var others = _forge.Comments[..3];

        var evaluated = await gitLab.RunAsync("evaluate", target, head);
        var commented = await gitLab.RunAsync("comment", target, head);

        Assert.Equal(5, evaluated.Code);
        Assert.Contains("PROV1827", evaluated.Output, StringComparison.Ordinal);
        Assert.Equal((0, "Comment 4 says so now.\n"), commented);
        Assert.Equal(others, _forge.Comments[..3]);
        Assert.StartsWith(Marker + "\n## 🔴 <code>university</code>: destroys or replaces\n", Assert.Single(_forge.Comments[3..]).Body, StringComparison.Ordinal);
        AssertTokenKept(evaluated.Output + commented.Output);
    }

    [Fact]
    public void The_job_that_runs_foreign_code_can_read_and_nothing_else()
    {
        var review = new Recipe("github-review.yml");
        var comment = new Recipe("github-comment.yml");

        Assert.Equal([new("contents", "read")], Recipe.Texts(review.At("permissions"), new Dictionary<string, string>()));
        Assert.Equal("pull_request", Recipe.Scalar(review.At("on")));
        Assert.All(["secrets.", "github.token", "GITHUB_TOKEN", "permissions: write"], word => Assert.DoesNotContain(word, review.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("secrets.", comment.Text, StringComparison.Ordinal);

        // Text of strangers reaches scripts through variables only: an expression inside a script would become part of it.
        Assert.All(
            review.Items("jobs", "evaluate", "steps").Concat(comment.Items("jobs", "comment", "steps")),
            step => Assert.DoesNotContain("${{", Recipe.Scalar(Recipe.Member(step, "run")) ?? "", StringComparison.Ordinal));
    }

    public void Dispose() => _forge.Dispose();

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static string Line(string text, int at) => text.Split('\n')[at];

    private async Task<(int Code, string Output)> ReviewOnGitHubAsync(string start, string head)
    {
        var expressions = new Dictionary<string, string>
        {
            ["github.event.pull_request.base.sha"] = await lab.CommitAsync(start),
            ["github.event.pull_request.head.sha"] = await lab.CommitAsync(head),
        };
        var evaluated = await new GitHubRunner(lab, _forge, _artifacts).RunAsync("github-review.yml", "evaluate", expressions, head);
        Assert.Equal((0, ""), evaluated);
        return await CommentOnGitHubAsync(head);
    }

    /// <param name="head">The head that was evaluated.</param>
    /// <param name="newest">The head that the pull request has by now, where it is another.</param>
    private async Task<(int Code, string Output)> CommentOnGitHubAsync(string head, string? newest = null)
    {
        _forge.Head = ("mallory:" + Branch, await lab.CommitAsync(newest ?? head));
        var expressions = new Dictionary<string, string>
        {
            ["github.event.repository.default_branch"] = "main",
            ["github.event.workflow_run.id"] = "1",
            ["github.event.workflow_run.head_repository.owner.login"] = "mallory",
            ["github.event.workflow_run.head_branch"] = Branch,
            ["github.event.workflow_run.head_sha"] = await lab.CommitAsync(head),
        };
        return await new GitHubRunner(lab, _forge, _artifacts).RunAsync("github-comment.yml", "comment", expressions, "main");
    }

    private async Task WriteReportAsync(string report)
    {
        Directory.CreateDirectory(_artifacts);
        await File.WriteAllTextAsync(Path.Combine(_artifacts, "report.json"), report);
    }

    private void AssertTokenKept(string output)
    {
        Assert.DoesNotContain(FakeForge.Token, output, StringComparison.Ordinal);
        var calls = File.ReadAllText(lab.CurlCalls);
        Assert.Contains("--config -", calls, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeForge.Token, calls, StringComparison.Ordinal);
    }
}
