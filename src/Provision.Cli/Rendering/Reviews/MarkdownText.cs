using System.Globalization;
using System.Text;

namespace Provision.Cli.Rendering.Reviews;

/// <summary>
/// Makes foreign text harmless in Markdown as hosting sites render it. Every mark that could begin something is written as a character reference, which
/// CommonMark takes for plain text; and all stands in <c>code</c>, where sites look for no mentions, issues or addresses.
/// </summary>
internal static class MarkdownText
{
    /// <summary>A name, a person, a value: in a line of text or a cell.</summary>
    public static string Code(string text) => $"<code>{Escape(text)}</code>";

    /// <summary>Lines in a fenced block: nothing in them can end it.</summary>
    public static string Fence(string language, IEnumerable<string> lines)
    {
        var body = string.Join('\n', lines);
        var longest = 2;
        var run = 0;
        foreach (var character in body)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"{fence}{language}\n{body}\n{fence}";
    }

    /// <summary>Text of ours that quotes foreign text: our diagnostics do.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in SafeText.Of(text))
        {
            if (char.IsAsciiLetterOrDigit(character) || character is ' ' or ',' or '/' or '-' or ';' || character > '\u007f')
            {
                escaped.Append(character);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"&#{(int)character};");
            }
        }

        return escaped.ToString();
    }
}
