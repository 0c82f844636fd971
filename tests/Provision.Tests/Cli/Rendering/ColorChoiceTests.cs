using Provision.Cli.Rendering;
using Xunit;

namespace Provision.Tests.Cli.Rendering;

public sealed class ColorChoiceTests
{
    [Theory]
    [InlineData("Auto", true, "", true)]
    [InlineData("Auto", false, "", false)]
    [InlineData("Auto", true, "NO_COLOR=1", false)]
    [InlineData("Auto", true, "NO_COLOR=", true)]
    [InlineData("Auto", false, "FORCE_COLOR=1", true)]
    [InlineData("Auto", false, "CLICOLOR_FORCE=1", true)]
    [InlineData("Auto", true, "TERM=dumb", false)]
    [InlineData("Auto", true, "NO_COLOR=1 FORCE_COLOR=1", false)]
    [InlineData("Always", false, "NO_COLOR=1", true)]
    [InlineData("Never", true, "FORCE_COLOR=1", false)]
    public void The_command_line_comes_before_the_environment_and_that_before_the_terminal(string option, bool isTerminal, string environment, bool colored) =>
        Assert.Equal(colored, ColorChoice.Decide(Enum.Parse<ColorOption>(option), isTerminal, Variables(environment)));

    [Theory]
    [InlineData("CI=true", true)]
    [InlineData("CI=false", false)]
    [InlineData("GITHUB_ACTIONS=1", true)]
    [InlineData("BUILD_ID=1", false)]
    [InlineData("BUILD_ID=1 BUILD_URL=x", true)]
    [InlineData("CODEBUILD_BUILD_ID=1 AWS_REGION=x", true)]
    [InlineData("", false)]
    public void Build_systems_are_known_by_their_variables(string environment, bool isCi) => Assert.Equal(isCi, ColorChoice.IsCi(Variables(environment)));

    private static Func<string, string?> Variables(string text)
    {
        var variables = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => variables.GetValueOrDefault(name);
    }
}
