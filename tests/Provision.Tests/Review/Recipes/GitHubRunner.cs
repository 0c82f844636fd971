using System.Globalization;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Provision.Tests.Review.Recipes;

/// <summary>Runs a job of a workflow as a runner of GitHub would: its scripts with bash, its actions by doing what they do.</summary>
/// <param name="lab">The repository and the programs.</param>
/// <param name="forge">The site.</param>
/// <param name="artifacts">Where artifacts are kept between jobs.</param>
internal sealed class GitHubRunner(RecipeFixture lab, FakeForge forge, string artifacts)
{
    private const string InstallStep = "Install provision";

    /// <param name="file">The workflow.</param>
    /// <param name="job">Its job.</param>
    /// <param name="expressions">What its expressions mean.</param>
    /// <param name="revision">What a checkout without a revision of its own checks out.</param>
    public async Task<(int Code, string Output)> RunAsync(string file, string job, IReadOnlyDictionary<string, string> expressions, string revision)
    {
        var recipe = new Recipe(file);
        var temp = Directory.CreateDirectory(Path.Combine(lab.Folder, "runner " + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture))).FullName;
        var workspace = Path.Combine(temp, "workspace");
        var known = new Dictionary<string, string>(expressions) { ["runner.temp"] = temp, ["github.token"] = FakeForge.Token };
        var environment = new Dictionary<string, string>
        {
            ["GITHUB_API_URL"] = forge.GitHub,
            ["GITHUB_REPOSITORY"] = "lab/stacks",
            ["GITHUB_ENV"] = Path.Combine(temp, "env"),
            ["RUNNER_TEMP"] = temp,
        };
        foreach (var (name, value) in Recipe.Texts(recipe.At("env"), known))
        {
            environment[name] = value;
        }

        Assert.Equal("bash", Recipe.Scalar(recipe.At("defaults", "run", "shell")));
        var output = "";
        foreach (var step in recipe.Items("jobs", job, "steps"))
        {
            if (Recipe.Scalar(Recipe.Member(step, "uses")) is { } action)
            {
                await ActAsync(action.Split('@')[0], Recipe.Texts(Recipe.Member(step, "with"), known.Append(new("runner.os", "Linux")).Append(new("env.PROVISION_REF", "")).ToDictionary()).ToDictionary(), workspace, revision);
            }
            else if (Recipe.Scalar(Recipe.Member(step, "name")) != InstallStep)
            {
                var (code, said) = await RunScriptAsync(step, known, environment, workspace);
                output += said;
                if (code != 0)
                {
                    return (code, output);
                }
            }
        }

        return (0, output);
    }

    // https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax: what `shell: bash` is.
    private async Task<(int Code, string Output)> RunScriptAsync(
        YamlNode step, IReadOnlyDictionary<string, string> expressions, Dictionary<string, string> environment, string workspace)
    {
        var script = Path.Combine(workspace, "..", "script.sh");
        await File.WriteAllTextAsync(script, Recipe.Expand(Recipe.Scalar(Recipe.Member(step, "run")) ?? throw new InvalidDataException("A step that does nothing."), expressions));
        return await lab.RunAsync(workspace, environment.Concat(Recipe.Texts(Recipe.Member(step, "env"), expressions)), "bash", "--noprofile", "--norc", "-eo", "pipefail", script);
    }

    private async Task ActAsync(string action, Dictionary<string, string> with, string workspace, string revision)
    {
        switch (action)
        {
            case "actions/checkout":
                await CheckOutAsync(workspace, with.GetValueOrDefault("ref", revision));
                break;
            case "actions/setup-dotnet" or "actions/cache":
                break;
            case "actions/upload-artifact":
                Directory.CreateDirectory(artifacts);
                File.Copy(Path.Combine(workspace, with["path"]), Path.Combine(artifacts, Path.GetFileName(with["path"])), overwrite: true);
                break;
            case "actions/download-artifact":
                Directory.CreateDirectory(with["path"]);
                foreach (var file in Directory.EnumerateFiles(artifacts))
                {
                    File.Copy(file, Path.Combine(with["path"], Path.GetFileName(file)), overwrite: true);
                }

                break;
            default:
                throw new InvalidDataException($"The test does not know what {action} does.");
        }
    }

    private async Task CheckOutAsync(string workspace, string revision) => await CloneAsync(lab, workspace, revision);

    /// <summary>A checkout of the history, with the recipes where a workspace that uses them has them.</summary>
    public static async Task CloneAsync(RecipeFixture lab, string workspace, string revision)
    {
        Dictionary<string, string> none = [];
        Assert.Equal((0, ""), await lab.RunAsync(lab.Folder, none, "git", "clone", "--quiet", lab.History, workspace));
        Assert.Equal((0, ""), await lab.RunAsync(workspace, none, "git", "checkout", "--quiet", "--detach", revision));
        var scripts = Directory.CreateDirectory(Path.Combine(workspace, "ci")).FullName;
        foreach (var script in Directory.EnumerateFiles(RecipeFixture.Recipes, "*.sh"))
        {
            File.Copy(script, Path.Combine(scripts, Path.GetFileName(script)));
        }
    }
}
