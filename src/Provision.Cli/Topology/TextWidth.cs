using System.Text;

namespace Provision.Cli.Topology;

/// <summary>
/// How wide text is about, in a sans-serif font nobody can ask here: a little wider than most are, so that it stays in its box.
/// </summary>
internal static class TextWidth
{
    /// <summary>In pixels, at a font size.</summary>
    public static int Of(string text, int size) => (int)Math.Ceiling(text.EnumerateRunes().Sum(Em) * size);

    /// <summary>The text, or as much of its beginning as fits, with an ellipsis.</summary>
    public static string Fit(string text, int size, int width)
    {
        if (Of(text, size) <= width)
        {
            return text;
        }

        var fitting = new StringBuilder();
        var left = (width / (double)size) - 1;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= Em(rune);
            if (left < 0)
            {
                break;
            }

            fitting.Append(rune.ToString());
        }

        return fitting.Append('…').ToString();
    }

    private static double Em(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '!' or '|' => 0.3,
        'f' or 't' or 'r' or ' ' or '(' or ')' or '[' or ']' or '-' or '/' => 0.4,
        'm' or 'w' or 'M' or 'W' or '@' or '%' or '…' or '×' => 0.95,
        >= 'A' and <= 'Z' => 0.72,
        < 0x1100 => 0.61,
        _ => 1.1,
    };
}
