using Provision.Engine.Diagnostics;

namespace Provision.Cli.Projects;

/// <summary>Every diagnostic about Pulumi.yaml and Pulumi.&lt;stack&gt;.yaml, one factory each.</summary>
internal static class ProjectDiagnostics
{
    public static Diagnostic NoProject(string folder) => Error(
        "PROV1301", "No workspace was found",
        $"Neither '{folder}' nor a folder above it has a Pulumi.yaml.",
        "Go to a workspace or name one with -C <folder>, or make one here with 'provision new <template> <stack>'.");

    public static Diagnostic FileUnreadable(string file, string why) => Error(
        "PROV1302", "A file of the workspace cannot be read", $"{file}: {why}", $"Check that {file} is there and that you may read it.");

    public static Diagnostic FileTooBig(string file, long bytes, long limit) => Error(
        "PROV1303", "A settings file is too big",
        $"{file} has {bytes} bytes; a settings file may have {limit}.",
        "Move large content into a file of its own and read it in the definition, through Text.File(\"…\").");

    public static Diagnostic YamlError(SourcePlace place, string why) => Error(
        "PROV1304", "A settings file is not valid YAML", $"{place}: {why}.".Replace("..", ".", StringComparison.Ordinal), $"Correct {place.File}.");

    public static Diagnostic BadProjectName(SourcePlace place, string? name) => Error(
        "PROV1305", "The project has no usable name",
        name is null ? $"{place.File} has no 'name'." : $"{place}: '{name}' is no project name: 1 to 100 letters, digits, '-', '_' and '.' are allowed.",
        $"Write a line such as 'name: labs' into {place.File}.");

    public static Diagnostic WrongKind(SourcePlace place, string key, string expected) => Error(
        "PROV1306", "A key of a settings file has the wrong kind of value", $"{place}: '{key}' has to be {expected}.", $"Correct '{key}' in {place.File}.");

    public static Diagnostic BadFolder(SourcePlace place, string key, string folder, string why) => Error(
        "PROV1307", "A folder of the project cannot be used", $"{place}: '{key}: {folder}' {why}.", $"Correct '{key}' in {place.File}, or make the folder.");

    public static Diagnostic BadConfigKey(string key, SourcePlace place) => Error(
        "PROV1308", "A setting has no valid name",
        $"{(place.File is null ? "" : $"{place}: ")}'{key}' is neither 'name' nor 'namespace:name'.",
        "Write the setting as 'name' or 'namespace:name'.");

    public static Diagnostic ConfigKeyTwice(string key, SourcePlace place) => Error(
        "PROV1309", "A setting is there twice", $"{place}: '{key}' is already set under another spelling.", $"Remove one of the two from {place.File}.");

    public static Diagnostic BadDeclaration(string key, SourcePlace place, string why) => Error(
        "PROV1310", "A setting is declared wrongly", $"{place}: '{key}' {why}.", $"Correct 'config' in {place.File}.");

    public static Diagnostic MissingConfig(string stack, string project, IReadOnlyCollection<string> keys) => Error(
        "PROV1311", "Settings are missing",
        $"Stack '{stack}' has no value for {string.Join(", ", keys.Select(key => $"'{key}'"))}, which the project '{project}' declares.",
        string.Join(" ", keys.Select(key => $"Run 'provision config set {key} <value> -s {stack}'.")));

    public static Diagnostic WrongConfigType(string key, SourcePlace place, string expected) => Error(
        "PROV1312", "A setting has the wrong type", $"{place}: '{key}' has to be {expected}, as Pulumi.yaml declares it.", $"Correct '{key}' in {place.File}.");

    public static Diagnostic CannotEdit(string file, string key, string why) => Error(
        "PROV1313", "A settings file cannot be changed", $"{file}: '{key}' {why}. The file is as it was.", $"Change {file} in an editor.");

    public static Diagnostic BadStackName(string name) => Error(
        "PROV1314", "A stack has no valid name",
        $"'{name}' is no stack name: 1 to 100 letters, digits, '-', '_' and '.', beginning with a letter or digit.",
        "Choose a name such as 'os-101'.");

    public static Diagnostic CannotWrite(string file, string why) => Error(
        "PROV1315", "A settings file cannot be written", $"{file}: {why}", $"Check that you may write {file} and that the disk has room. The file is as it was.");

    private static Diagnostic Error(string code, string summary, string detail, string remedy) => new(Severity.Error, code, summary, detail, remedy);
}
