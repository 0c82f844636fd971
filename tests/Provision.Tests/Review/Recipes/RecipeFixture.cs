using System.Diagnostics;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Review.Recipes;

/// <summary>What all recipes are tried with: the repository with its history, a home, and a curl that notes its arguments before it does its work.</summary>
public sealed class RecipeFixture : IAsyncLifetime
{
    private static readonly string[] Needs = ["bash", "git", "curl", "jq"];

    /// <summary>All of it; its name has a space, as people's folders do.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("provision recipes ").FullName;

    public string History => Path.Combine(Folder, "history");

    public string Home => Path.Combine(Folder, "home");

    /// <summary>Where every curl wrote what it was called with.</summary>
    public string CurlCalls => Path.Combine(Folder, "curl-calls");

    public static string Recipes => Path.Combine(Golden.Repository, "examples", "ci");

    public async ValueTask InitializeAsync()
    {
        if (OperatingSystem.IsWindows() || Missing().Length > 0)
        {
            return;
        }

        Directory.CreateDirectory(Home);
        var programs = Directory.CreateDirectory(Path.Combine(Folder, "programs")).FullName;
        var curl = Path.Combine(programs, "curl");
        await File.WriteAllTextAsync(curl, $"#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$CURL_CALLS\"\nexec '{Find("curl")}' \"$@\"\n");
        File.SetUnixFileMode(curl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal((0, ""), await RunAsync(Folder, new Dictionary<string, string>(), Path.Combine(Recipes, "history.sh"), History));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Skips the test that asks where a program is missing that the recipes need.</summary>
    public static void SkipWhereMissing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the recipes are for Unix shells");
        var missing = Missing();
        Assert.SkipUnless(missing.Length == 0, $"not installed: {string.Join(", ", missing)}");
    }

    /// <summary>The commit of a step of the history.</summary>
    public async Task<string> CommitAsync(string step) =>
        (await RunAsync(History, new Dictionary<string, string>(), "git", "rev-parse", step + "^{commit}")).Output.Trim();

    /// <summary>Runs a program with nothing in its environment but what every job has and what is named.</summary>
    public async Task<(int Code, string Output)> RunAsync(string folder, IEnumerable<KeyValuePair<string, string>> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = Path.Combine(Folder, "programs") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = Home;
        start.Environment["PROVISION"] = Path.Combine(Environment.GetEnvironmentVariable("PROVISION_PUBLISHED") ?? AppContext.BaseDirectory, "provision");
        start.Environment["CURL_CALLS"] = CurlCalls;
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root)
        {
            start.Environment["DOTNET_ROOT"] = root;
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + errors);
    }

    private static string[] Missing() => [.. Needs.Where(program => Find(program) is null)];

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
