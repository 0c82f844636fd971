using System.Globalization;
using Provision.Cli.Projects;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Loading;

/// <summary>Every diagnostic about loading a definition, one factory each; those about its source are in <see cref="PurityRule"/>.</summary>
internal static class LoadingDiagnostics
{
    public static Diagnostic StackUnknown(string stack, IReadOnlyCollection<string> known, string? near) => Error(
        "PROV1001", "There is no such stack",
        $"No definition and no Pulumi.{stack}.yaml go by the name '{stack}'. {(known.Count == 0 ? "This workspace has no stacks." : $"There are: {string.Join(", ", known)}.")}",
        near is null ? $"Make it with 'provision new <template> {stack}'." : $"Did you mean '{near}'?");

    public static Diagnostic NoDefinition(string stack, string folder, IReadOnlyCollection<string> candidates) => Error(
        "PROV1002", "A stack has no definition",
        candidates.Count == 0
            ? $"No class in {folder} derives from StackDefinition."
            : $"No definition in {folder} is called like the stack '{stack}'. There are: {string.Join(", ", candidates)}.",
        candidates.Count == 0
            ? $"Make one with 'provision new <template> {stack}'."
            : $"Name the class after the stack, or name it in Pulumi.{stack}.yaml: 'provision config set provision:definition {candidates.First()} -s {stack}'.");

    public static Diagnostic SeveralDefinitions(string stack, IReadOnlyCollection<string> candidates) => Error(
        "PROV1003", "A stack has several definitions",
        $"'{stack}' may mean any of {string.Join(", ", candidates)}.",
        $"Choose one: 'provision config set provision:definition {candidates.First()} -s {stack}'.");

    public static Diagnostic SourceError(SourceError error) => Error(
        error.Code.StartsWith("CS", StringComparison.Ordinal) ? "PROV1010" : error.Code,
        error.Code.StartsWith("CS", StringComparison.Ordinal) ? "A definition does not compile" : "A definition is more than a function of its settings",
        error.ToString(), error.Remedy ?? $"Correct {error.Place.File}.");

    public static Diagnostic NoReferences() => Error(
        "PROV1011", "This build of provision cannot compile definitions",
        "The runtime's assemblies are packed into one file, where the compiler cannot see them.",
        "Publish it without PublishSingleFile.");

    public static Diagnostic Threw(string definition, string place, string type, string message, string during) => Error(
        "PROV1040", "A definition failed",
        $"{place}: {definition} threw {type} {during}: {message}",
        "Correct the definition, or the setting it stumbled over.");

    public static Diagnostic TooSlow(string definition, TimeSpan limit) => Error(
        "PROV1041", "A definition does not come to an end",
        $"{definition} was still running after {limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s.",
        "Look for a loop without an end: a definition only builds a value, which takes no time.");

    public static Diagnostic NoStack(string definition) => Error(
        "PROV1042", "A definition gives no stack", $"{definition}.Define() returned null.", "Return 'new() { Hosts = [ … ] }'.");

    public static Diagnostic EmptyStack(string definition) => Error(
        "PROV1043", "A stack is empty", $"{definition}.Define() declares no host, and so nothing at all.",
        "Declare a host. To take down what is there, run 'provision destroy'.");

    public static Diagnostic TooDeep(string definition, string place) => Error(
        "PROV1044", "A definition calls itself without an end", $"{place}: {definition} ran out of stack.", "Give the recursion an end.");

    public static Diagnostic WrongType(string key, SourcePlace place, string property, string expected, string got) => Error(
        "PROV1050", "A setting has the wrong type", $"{place}: '{key}' has to be {expected} (property '{property}'), and is {got}.", $"Correct '{key}' in {place.File}.");

    public static Diagnostic OutOfRange(string key, SourcePlace place, string why) => Error(
        "PROV1051", "A setting is out of range", $"{place}: '{key}': {why}", $"Correct '{key}' in {place.File}.");

    public static Diagnostic MissingSetting(string key, string property, string stack, string file) => Error(
        "PROV1052", "A setting is missing", $"{file}: '{key}' (property '{property}') is required and has no value.",
        $"Run 'provision config set {key} <value> -s {stack}'.");

    public static Diagnostic UnknownSetting(string key, SourcePlace place, string definition, string? near, IReadOnlyCollection<string> known) => Error(
        "PROV1053", "A setting is not known",
        $"{place}: {definition} has no setting '{key}'. {(known.Count == 0 ? "It has none." : $"It has: {string.Join(", ", known)}.")}",
        near is null ? $"Remove '{key}' from {place.File}, or declare it: a public property with 'init'." : $"Did you mean '{near}'?");

    public static Diagnostic SecretShown(string key, SourcePlace place, string property, string type) => Error(
        "PROV1054", "A secret would be shown",
        $"{place}: '{key}' is secret, and the property '{property}' is a plain {type}, which would stand in clear in previews and state.",
        $"Declare it as 'public Value<{type}> {property} {{ get; init; }}'.");

    public static Diagnostic FileRefused(string path, string why) => Error(
        "PROV1060", "A file cannot be read by a definition", $"'{path}' {why}.", "Put the file beside the definition and name it relative to that folder.");

    private static Diagnostic Error(string code, string summary, string detail, string remedy) => new(Severity.Error, code, summary, detail, remedy);
}
