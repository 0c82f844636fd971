using Provision.Engine.Diagnostics;

namespace Provision.Cli.Review;

/// <summary>What goes wrong in a comparison of revisions; codes PROV182x.</summary>
internal static class ReviewDiagnostics
{
    public static Diagnostic OutOfMemory(string stack) => Error(
        "PROV1820", "The definition takes more memory than it may", $"'{stack}' was stopped at its limit.",
        "Look for a loop that never ends. Where it really needs more, give it more with --memory-limit.");

    public static Diagnostic WorkerEnded(string stack, int exitCode, string said) => Error(
        "PROV1821", "The definition ended the process that ran it", $"'{stack}': exit code {exitCode}. {said}".TrimEnd(),
        "Look for what takes all memory or does what no definition may do; raise --memory-limit where it needs more.");

    public static Diagnostic WorkerFailed(int exitCode, string said) => Error(
        "PROV1828", "The process that evaluates definitions did not start", $"Exit code {exitCode}. {said}".TrimEnd(),
        "Give it more memory with --memory-limit, and see that a shell and the .NET runtime are where they should be.");

    public static Diagnostic NoRange(string text) => Error(
        "PROV1822", "What to compare is not clear", $"'{text}' names no revision to compare with.", "Write <base>, <base>..<head>, or <base>...<head>.");

    public static Diagnostic NoWorkspaceThere(string revision, string folder) => new(
        Severity.Info, "PROV1823", "The revision has no workspace", $"'{revision}' has no Pulumi.yaml in {folder}, so it counts as empty.");

    public static Diagnostic SubmoduleMissing(string revision, string path) => new(
        Severity.Warning, "PROV1824", "A submodule is not here", $"'{revision}' needs another commit of the submodule {path} than is fetched, so its files are missing.",
        "Fetch it with `git submodule update --init --recursive` and compare again.");

    public static Diagnostic NotAReport(string file, string why) => Error(
        "PROV1825", "The file is no report of `provision diff --json`", $"{file}: {why}", "Make one with `provision diff <base> --json`.");

    public static Diagnostic StackUnknown(string stack, IEnumerable<string> known, string? suggestion) => Error(
        "PROV1826", "Neither revision has the stack", $"There is no stack '{stack}'. There are: {string.Join(", ", known)}.",
        suggestion is null ? "Check the name." : $"Did you mean '{suggestion}'?");

    public static Diagnostic GateClosed(string what) => Error(
        "PROV1827", "The change does what this gate does not let through", what, "See above what does it. Where it is meant, let somebody approve it and leave the gate out.");

    private static Diagnostic Error(string code, string summary, string detail, string remedy) => new(Severity.Error, code, summary, detail, remedy);
}
