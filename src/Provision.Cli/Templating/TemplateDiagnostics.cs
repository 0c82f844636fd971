using Provision.Cli.Projects;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Templating;

/// <summary>Every diagnostic about templates, one factory each.</summary>
internal static class TemplateDiagnostics
{
    public static Diagnostic Unknown(string name, IReadOnlyCollection<string> known, string? near) => Error(
        "PROV1401", "There is no such template",
        $"No template is called '{name}'. There are: {string.Join(", ", known)}.",
        near is null ? "Choose one of them: 'provision new --list' describes each." : $"Did you mean '{near}'?");

    public static Diagnostic BadTemplate(SourcePlace place, string why) => Error("PROV1402", "A template is not usable", $"{place}: {why}.", $"Correct {place.File}.");

    public static Diagnostic UnknownParameter(string template, string name, string? near, IReadOnlyCollection<string> known) => Error(
        "PROV1403", "A template has no such parameter",
        $"'{template}' has no parameter '{name}'. {(known.Count == 0 ? "It has none." : $"It has: {string.Join(", ", known)}.")}",
        near is null ? $"Leave out '--set {name}=…'." : $"Did you mean '{near}'?");

    public static Diagnostic MissingParameter(string template, TemplateParameter parameter) => Error(
        "PROV1404", "A parameter of a template is missing",
        $"'{template}' needs '{parameter.Name}': {parameter.Description}.", $"Add '--set {parameter.Name}=<{parameter.Type.ToString().ToLowerInvariant()}>'.");

    public static Diagnostic BadValue(string parameter, string why) => Error(
        "PROV1405", "A parameter of a template has an unusable value", $"'{parameter}' {why}.", $"Correct '--set {parameter}=…'.");

    public static Diagnostic WouldOverwrite(IReadOnlyCollection<string> files) => Error(
        "PROV1406", "A template would overwrite files",
        $"{string.Join(", ", files)} {(files.Count == 1 ? "is" : "are")} already there. Nothing was written.",
        "Choose another stack name, or move the files away.");

    public static Diagnostic CannotWrite(string file, string why) => Error(
        "PROV1407", "A template cannot be written", $"{file}: {why} What had been written before it was removed again.", $"Check that you may write {file} and that the disk has room.");

    private static Diagnostic Error(string code, string summary, string detail, string remedy) => new(Severity.Error, code, summary, detail, remedy);
}
