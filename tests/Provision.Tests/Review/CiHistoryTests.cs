using Provision.Tests.Review.Recipes;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>The plain recipe with every step of the history; <c>PROVISION_ACCEPT=1</c> rewrites what is expected.</summary>
public sealed class CiHistoryTests(RecipeFixture lab) : IClassFixture<RecipeFixture>
{
    [Fact]
    public async Task Every_step_of_the_history_is_shown_as_expected()
    {
        RecipeFixture.SkipWhereMissing();

        var environment = new Dictionary<string, string> { ["ACCEPT"] = Environment.GetEnvironmentVariable("PROVISION_ACCEPT") ?? "" };

        Assert.Equal((0, ""), await lab.RunAsync(lab.Folder, environment, Path.Combine(RecipeFixture.Recipes, "test.sh")));
    }
}
