using System.Globalization;
using System.Text;

namespace Provision.Cli.Rendering;

/// <summary>
/// Makes foreign text harmless on a terminal: names and messages come from daemons, images and other people's files, and an escape
/// sequence in one of them could move the cursor, rewrite what was shown or turn text around.
/// </summary>
internal static class SafeText
{
    /// <summary>The text on one line, with everything that is not plainly visible written out (<c>\x1b</c>, <c>\n</c>, <c>\u202e</c>).</summary>
    public static string Of(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsHarmful(text, i))
            {
                return Escape(text, i);
            }
        }

        return text;
    }

    private static string Escape(string text, int from)
    {
        var safe = new StringBuilder(text, 0, from, text.Length + 16);
        for (var i = from; i < text.Length; i++)
        {
            if (IsHarmful(text, i))
            {
                Append(safe, text[i]);
            }
            else
            {
                safe.Append(text[i]);
            }
        }

        return safe.ToString();
    }

    private static void Append(StringBuilder safe, char character) => _ = character switch
    {
        '\n' => safe.Append("\\n"),
        '\r' => safe.Append("\\r"),
        '\t' => safe.Append("    "),
        < '\u0100' => safe.Append("\\x").Append(((int)character).ToString("x2", CultureInfo.InvariantCulture)),
        _ => safe.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
    };

    private static bool IsHarmful(string text, int index)
    {
        var character = text[index];
        if (character is >= ' ' and < '\u007f')
        {
            return false;
        }

        if (char.IsSurrogate(character))
        {
            return char.IsHighSurrogate(character)
                ? index + 1 >= text.Length || !char.IsLowSurrogate(text[index + 1])
                : index == 0 || !char.IsHighSurrogate(text[index - 1]);
        }

        // Control holds C0, DEL and C1; Format holds the bidirectional overrides and the zero-width characters.
        return CharUnicodeInfo.GetUnicodeCategory(character)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }
}
