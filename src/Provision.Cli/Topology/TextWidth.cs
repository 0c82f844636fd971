namespace Provision.Cli.Topology;

/// <summary>About how wide a text is in a sans-serif font of 12 pixels: nobody here has the font that it will be shown in.</summary>
internal static class TextWidth
{
    private const double Ordinary = 7;
    private const double Narrow = 3.9;
    private const double Wide = 10.5;
    private const double Strong = 1.2;

    // Of scripts whose signs fill a square.
    private const double Square = 12.5;

    public static double Of(string text) => text.Sum(Of);

    /// <summary>Of a text in bold.</summary>
    public static double OfStrong(string text) => Strong * Of(text);

    /// <summary>The text, cut with an ellipsis where it is wider than that.</summary>
    public static string Cut(string text, double width)
    {
        // A pixel that was rounded away cuts nothing.
        if (Of(text) <= width + 1)
        {
            return text;
        }

        var taken = Ordinary;
        var length = 0;
        while (length < text.Length && taken + Of(text[length]) <= width)
        {
            taken += Of(text[length++]);
        }

        // Half of a character is none.
        length = length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..length] + "…";
    }

    /// <summary>The same of a text in bold.</summary>
    public static string CutStrong(string text, double width) => Cut(text, width / Strong);

    private static double Of(char character) => character switch
    {
        'i' or 'j' or 'l' or 'I' or 't' or 'f' or 'r' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or '(' or ')' or '[' or ']' => Narrow,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => Wide,
        >= '\u2e80' => Square,
        _ => Ordinary,
    };
}
