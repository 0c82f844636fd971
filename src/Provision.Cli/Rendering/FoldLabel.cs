using System.Globalization;
using System.Text;

namespace Provision.Cli.Rendering;

/// <summary>Names that differ in their numbers only, written as one: <c>student-001..030</c>.</summary>
internal static class FoldLabel
{
    /// <summary>From how many on siblings are folded: two lines are as short as one with a remark.</summary>
    public const int Minimum = 3;

    /// <summary>The name with every number as <c>#</c>: equal for names that may be folded.</summary>
    public static string Pattern(string name)
    {
        var pattern = new StringBuilder(name.Length);
        foreach (var part in Split(name))
        {
            pattern.Append(char.IsAsciiDigit(part[0]) ? "#" : part);
        }

        return pattern.ToString();
    }

    /// <summary>One name for all, which must have the same pattern. Numbers that differ become a range of the least and the greatest.</summary>
    public static string Of(IReadOnlyList<string> names)
    {
        if (names.Count == 1)
        {
            return names[0];
        }

        var parts = names.Select(name => Split(name).ToArray()).ToArray();
        var label = new StringBuilder();
        for (var i = 0; i < parts[0].Length; i++)
        {
            var first = parts[0][i];
            if (parts.All(other => other[i] == first))
            {
                label.Append(first);
            }
            else
            {
                var ordered = parts.Select(other => other[i]).OrderBy(Number).ThenBy(text => text, StringComparer.Ordinal).ToArray();
                label.Append(ordered[0]).Append("..").Append(ordered[^1]);
            }
        }

        return label.ToString();
    }

    private static System.Numerics.BigInteger Number(string digits) =>
        System.Numerics.BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Split(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || char.IsAsciiDigit(name[i]) != char.IsAsciiDigit(name[start]))
            {
                yield return name[start..i];
                start = i;
            }
        }
    }
}
