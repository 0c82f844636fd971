namespace Provision.Cli.Rendering;

/// <summary>Rows in columns as wide as what is in them.</summary>
internal static class Table
{
    private const int Gap = 2;

    /// <param name="headers">The columns' names.</param>
    /// <param name="rows">As many cells a row as there are columns.</param>
    public static IEnumerable<StyledLine> Lines(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<StyledSpan>> rows)
    {
        var widths = headers.Select((header, column) => rows.Select(row => SafeText.Of(row[column].Text).Length).Append(header.Length).Max()).ToArray();
        yield return Line([.. headers.Select(header => new StyledSpan(header, Tone.Strong))], widths);
        foreach (var row in rows)
        {
            yield return Line(row, widths);
        }
    }

    private static StyledLine Line(IReadOnlyList<StyledSpan> cells, int[] widths)
    {
        var line = StyledLine.Empty;
        var at = 0;
        for (var column = 0; column < cells.Count; column++)
        {
            line = line.Add(cells[column].Text, cells[column].Tone);
            at += widths[column] + Gap;
            line = column < cells.Count - 1 ? line.PadTo(at) : line;
        }

        return line;
    }
}
