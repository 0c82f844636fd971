using System.Collections.Immutable;
using System.Text;

namespace Provision.Model;

/// <summary>CSV as RFC 4180 has it: fields may be quoted, a quote in them is doubled, and a quoted field may go over several lines.</summary>
internal static class CsvRecords
{
    public static IEnumerable<(ImmutableArray<string> Fields, int Line)> Read(string text, string path)
    {
        text = text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var start = line;
            var fields = ImmutableArray.CreateBuilder<string>();
            do
            {
                fields.Add(ReadField(text, path, ref at, ref line));
            }
            while (at < text.Length && text[at++] == ',');

            line++;
            if (fields.Count > 1 || !string.IsNullOrWhiteSpace(fields[0]))
            {
                yield return (fields.ToImmutable(), start);
            }
        }
    }

    private static string ReadField(string text, string path, ref int at, ref int line)
    {
        if (at >= text.Length || text[at] != '"')
        {
            var length = text.AsSpan(at).IndexOfAny(',', '\n');
            var plain = length < 0 ? text[at..] : text.Substring(at, length);
            at += plain.Length;
            return plain;
        }

        var (field, start) = (new StringBuilder(), line);
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 >= text.Length || text[at + 1] != '"')
                {
                    at++;
                    return at >= text.Length || text[at] is ',' or '\n'
                        ? field.ToString()
                        : throw new FormatException($"{path}({line}) goes on after a closing quote: double the quotes inside a quoted field.");
                }

                at++;
            }

            line += text[at] == '\n' ? 1 : 0;
            field.Append(text[at]);
        }

        throw new FormatException($"{path}({start}) opens a quote that is never closed.");
    }
}
