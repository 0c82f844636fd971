namespace Provision.Cli.Rendering;

/// <summary>What <c>--color</c> says.</summary>
internal enum ColorOption
{
    Auto,
    Always,
    Never,
}

/// <summary>Whether a stream is coloured and whether this is a CI job, from the command line, the environment and the stream.</summary>
internal static class ColorChoice
{
    private static readonly string[] CiVariables =
    [
        "CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "CIRCLECI", "TRAVIS", "APPVEYOR", "BUILDKITE", "TEAMCITY_VERSION",
        "BITBUCKET_COMMIT", "DRONE", "JB_SPACE_API_URL",
    ];

    // 1. the command line; 2. NO_COLOR (no-color.org: set and not empty); 3. FORCE_COLOR, CLICOLOR_FORCE; 4. no terminal, or a dumb
    // one; 5. yes.
    public static bool Decide(ColorOption option, bool isTerminal, Func<string, string?> environment)
    {
        if (option != ColorOption.Auto)
        {
            return option == ColorOption.Always;
        }

        if (IsSet("NO_COLOR", environment))
        {
            return false;
        }

        return IsSet("FORCE_COLOR", environment)
            || IsSet("CLICOLOR_FORCE", environment)
            || (isTerminal && environment("TERM") != "dumb");
    }

    /// <summary>Whether a build system runs us: no live display, no prompts, no hints.</summary>
    public static bool IsCi(Func<string, string?> environment) =>
        CiVariables.Any(name => IsSet(name, environment) && environment(name) is not ("false" or "0"))
        || (IsSet("CODEBUILD_BUILD_ID", environment) && IsSet("AWS_REGION", environment))
        || (IsSet("BUILD_ID", environment) && IsSet("BUILD_URL", environment));

    private static bool IsSet(string name, Func<string, string?> environment) => !string.IsNullOrEmpty(environment(name));
}
