using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>A package as asked for.</summary>
internal sealed partial record PackageInputs(
    string Name, ImmutableSortedDictionary<string, string> Names, string? Command, string? Version, bool Keep)
{
    // A changed name is another package; the rest is looked at again where it is.
    public static readonly ApplyTable Changes = ApplyTable.Of(replace: ["name", "names"], live: ["command", "version", "keep"]);

    private const string MeantName = "a package's name (letters, digits, and + . _ - inside)";

    public static PackageInputs Read(PropertyMap inputs) => Read(new InputReader(inputs));

    public static CheckResponse Check(PropertyMap inputs)
    {
        var reader = new InputReader(inputs);
        var read = Read(reader);
        reader.RefuseOthers("name", "names", "command", "version", "keep");
        foreach (var (tool, name) in read.Names)
        {
            var path = PropertyPath.Of("names").Child(tool);
            if (tool is not ("apt" or "dnf"))
            {
                reader.Fail(path, $"'{tool}' is no package manager we know", "Use apt or dnf.");
            }
            else if (!NameShape().IsMatch(name))
            {
                reader.Fail(path, $"'{name}' is not {MeantName}");
            }
        }

        return new CheckResponse(inputs.ContainsKey("keep") ? inputs : inputs.With("keep", read.Keep), reader.Failures);
    }

    /// <summary>The name it has for the host's package manager.</summary>
    public string NameFor(PackageTool tool) => Names.GetValueOrDefault(tool == PackageTool.Dnf ? "dnf" : "apt", Name);

    private static PackageInputs Read(InputReader reader) => new(
        reader.RequiredText("name", NameShape(), MeantName),
        reader.TextMap("names"),
        reader.Text("command", CommandShape(), "a command's name, without a path"),
        reader.Text("version", VersionShape(), "a version"),
        reader.Flag("keep", true));

    // None can start with a dash, so none can be taken for an option.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9+._-]*\z")]
    private static partial Regex NameShape();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9+._-]*\z")]
    private static partial Regex CommandShape();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9.+:~_-]*\z")]
    private static partial Regex VersionShape();
}
