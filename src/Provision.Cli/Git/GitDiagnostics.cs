using Provision.Engine.Diagnostics;

namespace Provision.Cli.Git;

/// <summary>What goes wrong between us and git; codes PROV184x.</summary>
internal static class GitDiagnostics
{
    private const string Deepen = "This clone holds only the youngest commits. Fetch the rest: `git fetch --unshallow` (in a CI job, set the checkout's fetch depth to 0).";

    public static Diagnostic NoRepository(string folder, string said) => Error(
        "PROV1840", "There is no git repository to compare in", $"{folder}: {Words(said, "git finds none there")}",
        "Run this in a working tree of the repository that holds the workspace.");

    public static Diagnostic UnknownRevision(string revision, string? elsewhere, bool isShallow) => Error(
        "PROV1841", "The revision is not known", $"git knows no commit '{revision}' here.",
        elsewhere is not null ? $"Did you mean '{elsewhere}'?" : isShallow ? Deepen : "Check the name with `git log` or `git branch --all`, or fetch it first.");

    public static Diagnostic NoMergeBase(string one, string other, bool isShallow) => Error(
        "PROV1842", "The revisions have no common ancestor", $"git finds no commit from which both {one[..12]} and {other[..12]} come.",
        isShallow ? Deepen : "Compare the two as they are, with two dots in place of three.");

    public static Diagnostic CannotCheckOut(string commit, string said) => Error(
        "PROV1843", "A revision's files cannot be had", $"{commit[..12]}: {Words(said, "git gave no reason")}",
        "Make room in the folder for temporary files. Of a partial clone fetch everything first: nothing is fetched here.");

    private static string Words(string said, string otherwise) => said.Length > 0 ? said : otherwise + '.';

    private static Diagnostic Error(string code, string summary, string detail, string remedy) => new(Severity.Error, code, summary, detail, remedy);
}
