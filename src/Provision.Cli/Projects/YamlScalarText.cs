using System.Globalization;
using System.Text;

namespace Provision.Cli.Projects;

/// <summary>Writes text so that YAML reads the same text again.</summary>
internal static class YamlScalarText
{
    /// <summary>Plain where every YAML reader takes it for text, else quoted.</summary>
    public static string Render(string text) => IsPlain(text) ? text : Quote(text);

    /// <summary>A double-quoted scalar, on one line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                0 => "\\0",
                var code when IsPrintable(rune) => rune.ToString(),
                var code when code <= 0xFFFF => "\\u" + code.ToString("X4", CultureInfo.InvariantCulture),
                var code => "\\U" + code.ToString("X8", CultureInfo.InvariantCulture),
            });
        }

        return quoted.Append('"').ToString();
    }

    // Next line, line and paragraph separators, and the byte order mark are line breaks or nothing to some readers.
    private static bool IsPrintable(Rune rune) =>
        rune.Value >= ' ' && rune.Value is not (0x7F or 0x2028 or 0x2029 or 0xFEFF) && Rune.GetUnicodeCategory(rune) is not
            (UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Format);

    private static bool IsPlain(string text) =>
        text.Length is > 0 and < 200
        && char.IsAsciiLetter(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '/' or '@' or '+' or '=' or ':')
        && text[^1] != ':'
        && text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");
}
