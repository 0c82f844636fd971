using System.Text;

namespace Provision.Cli.Projects;

/// <summary>Writes a value as YAML, as block or as flow.</summary>
internal static class YamlRendering
{
    /// <summary>What comes after <c>key:</c>, a blank or a line break first; <paramref name="indent"/> is the key's own.</summary>
    public static string AfterKey(ConfigValue value, int indent, string newLine) => value switch
    {
        ConfigValue.Secure secure => $"{newLine}{Spaces(indent + 2)}secure: {YamlScalarText.Render(secure.Ciphertext)}",
        ConfigValue.Map { Entries.Length: > 0 } map => newLine + Spaces(indent + 2) + Entries(map, indent + 2, newLine),
        ConfigValue.List { Items.Length: > 0 } list => newLine + Spaces(indent + 2) + Items(list, indent + 2, newLine),
        _ => " " + Flow(value),
    };

    /// <summary>What stands at a column of its own, such as after <c>- </c>: further lines are indented to it.</summary>
    public static string AtColumn(ConfigValue value, int indent, string newLine) => value switch
    {
        ConfigValue.Secure secure => $"secure: {YamlScalarText.Render(secure.Ciphertext)}",
        ConfigValue.Map { Entries.Length: > 0 } map => Entries(map, indent, newLine),
        ConfigValue.List { Items.Length: > 0 } list => Items(list, indent, newLine),
        _ => Flow(value),
    };

    /// <summary>On one line, with brackets.</summary>
    public static string Flow(ConfigValue value) => value switch
    {
        ConfigValue.Scalar { IsNull: true } => "null",
        ConfigValue.Scalar { Quoted: false } scalar when ConfigValue.LooksTyped(scalar.Text) => scalar.Text,
        ConfigValue.Scalar scalar => YamlScalarText.Render(scalar.Text),
        ConfigValue.Secure secure => $"{{secure: {YamlScalarText.Quote(secure.Ciphertext)}}}",
        ConfigValue.List list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        ConfigValue.Map map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{YamlScalarText.Render(entry.Key)}: {Flow(entry.Value)}"))}}}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Spaces(int count) => new(' ', count);

    private static string Entries(ConfigValue.Map map, int indent, string newLine)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in map.Entries)
        {
            text.Append(text.Length > 0 ? newLine + Spaces(indent) : "").Append(YamlScalarText.Render(key)).Append(':').Append(AfterKey(value, indent, newLine));
        }

        return text.ToString();
    }

    private static string Items(ConfigValue.List list, int indent, string newLine) =>
        string.Join(newLine + Spaces(indent), list.Items.Select(item => "- " + AtColumn(item, indent + 2, newLine)));
}
