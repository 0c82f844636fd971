using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provision.Model;

namespace Provision.Cli.Templating;

/// <summary>Writes values as C#: whatever a text holds, the compiler reads that text and no code.</summary>
internal static class CSharpText
{
    public static string Literal(object value) => value switch
    {
        string text => Quote(text),
        long number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        DataSize size => Size(size),
        ImmutableArray<string> list => $"[{string.Join(", ", list.Select(Quote))}]",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A regular literal on one line; what an editor or a terminal would not show is escaped, right-to-left marks among it.</summary>
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
                _ when IsShown(rune) => rune.ToString(),
                <= 0xFFFF => "\\u" + rune.Value.ToString("X4", CultureInfo.InvariantCulture),
                _ => "\\U" + rune.Value.ToString("X8", CultureInfo.InvariantCulture),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A class or member name made of any text: <c>os-101</c> → <c>Os101</c>.</summary>
    public static string Identifier(string text)
    {
        var name = new StringBuilder();
        var begins = true;
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                name.Append(begins ? char.ToUpperInvariant(letter) : letter);
            }

            begins = !char.IsAsciiLetter(letter);
        }

        // A keyword begins with a small letter, so none comes out.
        return name.Length == 0 ? "_" : char.IsAsciiDigit(name[0]) ? "_" + name : name.ToString();
    }

    /// <summary>Text for a comment, XML documentation included: one line that ends no comment and begins no tag.</summary>
    public static string Comment(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.Value switch
    {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '*' => "∗",
        _ => IsShown(rune) ? rune.ToString() : " ",
    }));

    private static string Size(DataSize size)
    {
        foreach (var (unit, factor) in new[] { ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10) })
        {
            if (size.Bytes > 0 && size.Bytes % factor == 0 && size.Bytes / factor <= int.MaxValue)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{size.Bytes / factor}.{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"new DataSize({size.Bytes})");
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
