using System.Globalization;
using Provision.Engine.Diagnostics;

namespace Provision.Cli;

/// <summary>Every diagnostic of the command line itself; codes PROV19xx.</summary>
internal static class CliDiagnostics
{
    public static Diagnostic CommandLine(string message, string? suggestion, string command) => Error(
        "PROV1900", "The command line is not understood", message,
        suggestion is null ? $"See `{command} --help`." : $"Did you mean `{suggestion}`? See `{command} --help`.");

    public static Diagnostic NobodyToAsk() => Error(
        "PROV1901", "A confirmation is needed, and there is nobody to ask",
        "Input or output is not a terminal (or this is a CI job, or --non-interactive was given), so no question can be asked. Nothing was done.",
        "Look at `provision preview` first, then repeat with `--yes`.");

    public static Diagnostic Declined() => new(Severity.Info, "PROV1902", "Not confirmed", "Nothing was done.");

    public static Diagnostic StackNamedTwice(string one, string two) => Error(
        "PROV1903", "Two stacks are named", $"The argument says '{one}', --stack says '{two}'.", "Name one.");

    public static Diagnostic NoStack(string workspace) => Error(
        "PROV1904", "There is no stack", $"The workspace {workspace} has neither a stack definition nor a recorded stack.",
        "Make one: `provision new quickstart my-lab`. `provision new --list` shows the templates.");

    public static Diagnostic StackAmbiguous(IReadOnlyList<string> stacks) => Error(
        "PROV1905", "Which stack?", $"The workspace has {stacks.Count.ToString(CultureInfo.InvariantCulture)} stacks: {string.Join(", ", stacks)}.",
        "Name one, as an argument or with --stack.");

    public static Diagnostic StackUnknown(string name, IReadOnlyList<string> stacks, string? suggestion) => Error(
        "PROV1906", "The stack does not exist",
        stacks.Count == 0 ? $"There is no stack '{name}', nor any other." : $"There is no stack '{name}'. There are: {string.Join(", ", stacks)}.",
        suggestion is null ? "Check the name, or make the stack with `provision new`." : $"Did you mean '{suggestion}'?");

    public static Diagnostic ChangesFound(int count) => Error(
        "PROV1907", "There are changes, though none were expected", $"{count.ToString(CultureInfo.InvariantCulture)} resources differ from their definition.",
        "See above what changes; run `provision up` to make it so.");

    public static Diagnostic Interrupted() => Error(
        "PROV1908", "Interrupted", "The command was stopped by a signal before its end.", "Run it again; it goes on from what is recorded.");

    public static Diagnostic Bug(Exception bug) => Error(
        "PROV1909", "This is a bug in provision", bug.ToString(), "Please report it with the text above and the command line.");

    public static Diagnostic Unreadable(string what, string why) => Error(
        "PROV1910", "A file cannot be read or written", $"{what}: {why}", "Check the path, its permissions and the free space.");

    public static Diagnostic OptionInvalid(string option, string value, string why) => Error(
        "PROV1911", "An option's value is not valid", $"{option} {value}: {why}", "See `--help` for what it takes.");

    public static Diagnostic ResourceUnknown(string name, string what, IReadOnlyList<string> known, string? suggestion) => Error(
        "PROV1912", "No such resource", known.Count == 0
            ? $"The stack has no {what}, so none called '{name}'."
            : $"The stack has no {what} '{name}'. It has: {Some(known)}.",
        suggestion is null ? "Check the name with `provision stack`." : $"Did you mean '{suggestion}'?");

    public static Diagnostic ResourceAmbiguous(string name, IReadOnlyList<string> urns) => Error(
        "PROV1913", "The name fits several resources", $"'{name}' is: {Some(urns)}.", "Give the whole URN.");

    public static Diagnostic OutputUnknown(string name, IReadOnlyList<string> known) => Error(
        "PROV1914", "No such output", known.Count == 0 ? $"The stack has no outputs, so no '{name}'." : $"The stack has no output '{name}'. It has: {Some(known)}.",
        "Check the name with `provision stack output`.");

    public static Diagnostic ConfigKeyUnknown(string key, string stack) => Error(
        "PROV1915", "The setting is not there", $"The configuration of '{stack}' has no '{key}'.", $"See `provision config -s {stack}`, or set it with `provision config set {key} <value>`.");

    public static Diagnostic PlanFile(string path, string why) => Error(
        "PROV1917", "The saved plan cannot be used", $"{path}: {why}", "Make a new one with `provision preview --save-plan`.");

    public static Diagnostic BesidePlan(string options) => Error(
        "PROV1935", "A saved plan says itself what it is for", $"{options} cannot be given beside --plan.", "Leave it out, or make another plan with it.");

    public static Diagnostic NothingRuns(string name, string why) => Error(
        "PROV1919", "It cannot be reached", $"'{name}': {why}", "Bring it up with `provision up`.");

    public static Diagnostic ProviderUnclear(string package, IReadOnlyList<string> known) => Error(
        "PROV1921", "It is not clear which provider", known.Count == 0
            ? $"The stack records no provider of the package '{package}'."
            : $"The stack's providers of '{package}' are: {Some(known)}.",
        known.Count == 0 ? "Bring the stack up first: that records its providers." : "Name one with --provider.");

    public static Diagnostic StacksMixed(IReadOnlyList<string> stacks) => Error(
        "PROV1922", "Several stacks are named", $"The names are of the stacks {string.Join(", ", stacks)}.", "Name machines and containers of one stack at a time.");

    public static Diagnostic WorkloadAmbiguous(string name, IReadOnlyList<string> found) => Error(
        "PROV1923", "The name fits a machine and a container", $"'{name}' is: {Some(found)}.", $"Say which, such as '{found[0]}'.");

    public static Diagnostic WrongKind(string name, string kind, string wanted) => Error(
        "PROV1924", $"That is no {wanted}", $"'{name}' is a {kind}.", $"Name a {wanted}, or see `provision list`.");

    public static Diagnostic NotRunning(string name, string state) => Error(
        "PROV1925", "The machine does not run", $"'{name}' is {state}.", $"Start it: `provision start {name}`, or `provision up`.");

    public static Diagnostic NoAddress(string name) => Error(
        "PROV1926", "The machine has no address", $"'{name}' runs, and neither a lease nor its agent nor the neighbour table knows an address of it.",
        $"Look at what it does: `provision console {name}`.");

    public static Diagnostic ProgramMissing(string program, string package) => Error(
        "PROV1927", "A program is missing", $"There is no '{program}' in the PATH.", $"Install it: the package {package} has it.");

    public static Diagnostic KeyUnusable(string why) => Error(
        "PROV1928", "The stack's key cannot be used", why, "See `provision doctor`; `provision up` makes a key that was lost.");

    public static Diagnostic KeyUnclear(IReadOnlyList<string> keys) => Error(
        "PROV1929", "It is not clear which key", $"The machine's resource depends on none of the stack's keys: {Some(keys)}.", "Name the file of a key with --identity.");

    public static Diagnostic HasSnapshots(string name, IReadOnlyList<string> snapshots) => Error(
        "PROV1930", "The machine has snapshots", $"'{name}' has {Some(snapshots)}; they lie in the disks that a reset drops.",
        $"Keep them and use `provision snapshot revert {name} {snapshots[0]}`, or repeat with --drop-snapshots.");

    public static Diagnostic CannotReset(string name, string why) => Error(
        "PROV1931", "The machine cannot be reset", $"'{name}': {why}.", "Nothing was touched. `provision up --replace` makes a machine anew with all its disks.");

    public static Diagnostic ItemsFailed(int failed, int all) => Error(
        "PROV1932", "Not all of it was done",
        $"{failed.ToString(CultureInfo.InvariantCulture)} of {all.ToString(CultureInfo.InvariantCulture)} failed; each says above why.", "Put that right and repeat.");

    public static Diagnostic SnapshotUnknown(string name, string machine, IReadOnlyList<string> known, string? suggestion) => Error(
        "PROV1934", "No such snapshot", known.Count == 0 ? $"'{machine}' has no snapshots." : $"'{machine}' has no snapshot '{name}'. It has: {Some(known)}.",
        suggestion is null ? $"See `provision snapshot ls {machine}`." : $"Did you mean '{suggestion}'?");

    public static Diagnostic EndpointSilent(string endpoint, string why) => new(
        Severity.Warning, "PROV1933", "An endpoint does not answer", $"{endpoint}: {why}", "See `provision doctor`.");

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(12)) + (names.Count > 12 ? $" and {(names.Count - 12).ToString(CultureInfo.InvariantCulture)} more" : "");

    private static Diagnostic Error(string code, string summary, string detail, string remedy) => new(Severity.Error, code, summary, detail, remedy);
}
