namespace Provision.Cli.Listing;

/// <summary>Names as people order them: <c>box-2</c> before <c>box-10</c>.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? left, string? right)
    {
        var (one, other) = (left ?? "", right ?? "");
        for (int i = 0, j = 0; i < one.Length && j < other.Length;)
        {
            if (char.IsAsciiDigit(one[i]) && char.IsAsciiDigit(other[j]))
            {
                var (first, second) = (Digits(one, ref i), Digits(other, ref j));
                var order = first.Length != second.Length ? first.Length.CompareTo(second.Length) : string.CompareOrdinal(first, second);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (one[i] != other[j])
            {
                return one[i].CompareTo(other[j]);
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        return one.Length != other.Length ? one.Length.CompareTo(other.Length) : string.CompareOrdinal(one, other);
    }

    /// <summary>A run of digits without leading zeros.</summary>
    private static string Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text[start..at].TrimStart('0');
    }
}
