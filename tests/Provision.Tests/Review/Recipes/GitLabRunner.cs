using System.Globalization;

namespace Provision.Tests.Review.Recipes;

/// <summary>Runs a job of the GitLab recipe as its runner would: the lines of its script, which stops at the first that fails. What it installs is here already.</summary>
internal sealed class GitLabRunner(RecipeFixture lab, FakeForge forge, string artifacts)
{
    /// <param name="job">The job's name.</param>
    /// <param name="target">The target branch's commit.</param>
    /// <param name="head">The commit to merge.</param>
    public async Task<(int Code, string Output)> RunAsync(string job, string target, string head)
    {
        var recipe = new Recipe("gitlab-ci.yml");
        var workspace = Path.Combine(lab.Folder, "runner " + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        await GitHubRunner.CloneAsync(lab, workspace, head);
        foreach (var file in Directory.Exists(artifacts) ? Directory.EnumerateFiles(artifacts) : [])
        {
            Directory.CreateDirectory(Path.Combine(workspace, "review"));
            File.Copy(file, Path.Combine(workspace, "review", Path.GetFileName(file)));
        }

        var environment = new Dictionary<string, string>
        {
            ["CI_API_V4_URL"] = forge.GitLab,
            ["CI_PROJECT_ID"] = "42",
            ["CI_MERGE_REQUEST_IID"] = FakeForge.Number.ToString(CultureInfo.InvariantCulture),
            ["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = target,
            ["CI_COMMIT_SHA"] = head,
        };
        if (Recipe.Scalar(Recipe.Member(recipe.Items(job, "rules").FirstOrDefault(), "if")) == "$COMMENT_TOKEN")
        {
            environment["COMMENT_TOKEN"] = FakeForge.Token;
        }

        // https://docs.gitlab.com/runner/shells/: one script of all lines.
        var script = string.Join('\n', recipe.Items(job, "script").Select(Recipe.Scalar));
        var result = await lab.RunAsync(workspace, environment, "bash", "-eo", "pipefail", "-c", script);
        var kept = Path.Combine(workspace, Recipe.Scalar(recipe.Items(job, "artifacts", "paths").FirstOrDefault()) ?? "nothing");
        foreach (var file in Directory.Exists(kept) ? Directory.EnumerateFiles(kept) : [])
        {
            Directory.CreateDirectory(artifacts);
            File.Copy(file, Path.Combine(artifacts, Path.GetFileName(file)), overwrite: true);
        }

        return result;
    }
}
