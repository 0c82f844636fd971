using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>One changed property: on a line where both values fit on one, else line by line.</summary>
internal static class PropertyLines
{
    private const int Longest = 120;

    public static IEnumerable<StyledLine> Of(string name, PropertyValue? old, PropertyValue? fresh, string indent, string? remark) =>
        Of(name, PropertyPath.Root, [], old, fresh, indent, remark);

    /// <param name="name">What it is called.</param>
    /// <param name="at">Where it is.</param>
    /// <param name="sizes">Where numbers are sizes.</param>
    /// <param name="old">Its value before; null where there was none.</param>
    /// <param name="fresh">Its value after; null where there is none.</param>
    /// <param name="indent">What each line begins with.</param>
    /// <param name="remark">A word beside it.</param>
    public static IEnumerable<StyledLine> Of(
        string name, PropertyPath at, ImmutableArray<SizedInput> sizes, PropertyValue? old, PropertyValue? fresh, string indent, string? remark)
    {
        var (before, after) = (old is null ? [] : ValueText.Lines(old, at, sizes), fresh is null ? [] : ValueText.Lines(fresh, at, sizes));
        var (mark, tone) = (old, fresh) switch
        {
            (null, _) => ("+ ", Tone.Create),
            (_, null) => ("- ", Tone.Delete),
            _ => ("~ ", Tone.Update),
        };
        var head = StyledLine.Of(indent).Add(mark, tone).Add(name).Add(":");
        if (before.Count <= 1 && after.Count <= 1)
        {
            yield return Remark(OnOneLine(head, before.SingleOrDefault(), after.SingleOrDefault()), remark);
            yield break;
        }

        yield return Remark(head, remark);
        foreach (var entry in LineDiff.Of(before, after))
        {
            var (sign, color) = entry.Mark switch
            {
                '+' => ("+ ", Tone.Create),
                '-' => ("- ", Tone.Delete),
                _ => ("  ", Tone.Dim),
            };
            yield return StyledLine.Of(indent).Add("    ").Add(sign, color).Add(Cut(entry.Text, 0), entry.Mark == ' ' ? Tone.Dim : Tone.Plain);
        }
    }

    private static StyledLine OnOneLine(StyledLine head, string? before, string? after)
    {
        if (before is null || after is null)
        {
            return head.Add(" ").Add(Cut(before ?? after ?? "", 0));
        }

        // Of two long values what matters is where they begin to differ.
        var start = before.Length > Longest || after.Length > Longest ? Math.Max(0, before.AsSpan().CommonPrefixLength(after) - 20) : 0;
        return head.Add(" ").Add(Cut(before, start)).Add(" → ", Tone.Dim).Add(Cut(after, start));
    }

    private static StyledLine Remark(StyledLine line, string? remark) => remark is null ? line : line.Add($"  ({remark})", Tone.Dim);

    private static string Cut(string text, int start)
    {
        var head = start > 0 ? "…" : "";
        return text.Length - start <= Longest
            ? head + text[start..]
            : $"{head}{text.AsSpan(start, Longest)}… ({text.Length} characters)";
    }
}
