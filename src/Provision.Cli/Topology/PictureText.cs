using System.Globalization;
using System.Text;

namespace Provision.Cli.Topology;

/// <summary>Foreign text in pictures: nothing invisible, nothing that the picture's own language would take for its own.</summary>
internal static class PictureText
{
    /// <summary>Without control characters, what turns text around, and halves of characters.</summary>
    public static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned))
            {
                visible.Append(rune.ToString());
            }
        }

        return visible.ToString();
    }

    /// <summary>For content and attributes of XML.</summary>
    public static string Xml(string text) => Visible(text)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>For a quoted label of Mermaid, which knows entities that start with # and takes some characters for Markdown, HTML or formulas.</summary>
    public static string Mermaid(string text)
    {
        var label = new StringBuilder(text.Length);
        foreach (var character in Visible(text))
        {
            if (character is '"' or '#' or '&' or '<' or '>' or '`' or '\\' or '$' or '*' or '_' or '[' or ']' or '{' or '}' or '|' or ';' or '%')
            {
                label.Append('#').Append(((int)character).ToString(CultureInfo.InvariantCulture)).Append(';');
            }
            else
            {
                label.Append(character);
            }
        }

        return label.ToString();
    }

    /// <summary>For a quoted string of DOT, in which a backslash would start an escape.</summary>
    public static string Dot(string text) => Visible(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
