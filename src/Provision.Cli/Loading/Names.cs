using System.Text;

namespace Provision.Cli.Loading;

/// <summary>Names in their several spellings: <c>MaxMemory</c>, <c>maxMemory</c>, <c>max-memory</c>.</summary>
internal static class Names
{
    /// <summary>Equal for all spellings of one name.</summary>
    public static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (letter is not ('-' or '_' or '.'))
            {
                folded.Append(char.ToLowerInvariant(letter));
            }
        }

        return folded.ToString();
    }

    /// <summary><c>Os101</c> → <c>os-101</c>.</summary>
    public static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var begins = i > 0 && name[i] != '_' && kebab[^1] != '-'
                && ((char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                    || (char.IsDigit(name[i]) && !char.IsDigit(name[i - 1])));
            kebab.Append(begins ? "-" : "").Append(name[i] == '_' ? '-' : char.ToLowerInvariant(name[i]));
        }

        return kebab.ToString();
    }

    /// <summary><c>max-memory</c> → <c>maxMemory</c>, as a setting is spelled.</summary>
    public static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];

    /// <summary>The known name that a person may have meant; null where none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        var folded = Fold(name);
        return known
            .Select(candidate => (candidate, distance: Distance(folded, Fold(candidate))))
            .Where(near => near.distance <= Math.Max(1, folded.Length / 3))
            .OrderBy(near => near.distance).ThenBy(near => near.candidate, StringComparer.Ordinal)
            .FirstOrDefault().candidate;
    }

    // Levenshtein's.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
