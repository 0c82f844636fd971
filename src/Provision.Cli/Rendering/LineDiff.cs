namespace Provision.Cli.Rendering;

/// <summary>Which lines of a text went, came and stayed.</summary>
internal static class LineDiff
{
    /// <summary>Above this many lines a side the middle is taken as wholly changed: the table is quadratic.</summary>
    private const int Limit = 500;

    /// <summary>One line of the result: <c>'-'</c>, <c>'+'</c> or <c>' '</c> and its text.</summary>
    public readonly record struct Entry(char Mark, string Text);

    /// <summary>The whole difference with so many unchanged lines around each change; longer stretches become one "…" line.</summary>
    public static IReadOnlyList<Entry> Of(IReadOnlyList<string> before, IReadOnlyList<string> after, int context = 1) =>
        Shorten(Compare(before, after), context);

    private static List<Entry> Compare(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var prefix = 0;
        while (prefix < before.Count && prefix < after.Count && before[prefix] == after[prefix])
        {
            prefix++;
        }

        var suffix = 0;
        while (suffix < before.Count - prefix && suffix < after.Count - prefix && before[^(suffix + 1)] == after[^(suffix + 1)])
        {
            suffix++;
        }

        var entries = new List<Entry>();
        entries.AddRange(before.Take(prefix).Select(line => new Entry(' ', line)));
        var old = before.Skip(prefix).Take(before.Count - prefix - suffix).ToArray();
        var fresh = after.Skip(prefix).Take(after.Count - prefix - suffix).ToArray();
        if (old.Length > Limit || fresh.Length > Limit)
        {
            entries.AddRange(old.Select(line => new Entry('-', line)));
            entries.AddRange(fresh.Select(line => new Entry('+', line)));
        }
        else
        {
            AddMiddle(entries, old, fresh);
        }

        entries.AddRange(before.Skip(before.Count - suffix).Select(line => new Entry(' ', line)));
        return entries;
    }

    private static void AddMiddle(List<Entry> entries, string[] old, string[] fresh)
    {
        // common[i, j]: the longest common subsequence of old[i..] and fresh[j..].
        var common = new int[old.Length + 1, fresh.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = fresh.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == fresh[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var (at, to) = (0, 0);
        while (at < old.Length || to < fresh.Length)
        {
            if (at < old.Length && to < fresh.Length && old[at] == fresh[to])
            {
                entries.Add(new Entry(' ', old[at]));
                (at, to) = (at + 1, to + 1);
            }
            else if (at < old.Length && (to == fresh.Length || common[at + 1, to] >= common[at, to + 1]))
            {
                entries.Add(new Entry('-', old[at++]));
            }
            else
            {
                entries.Add(new Entry('+', fresh[to++]));
            }
        }
    }

    private static List<Entry> Shorten(List<Entry> entries, int context)
    {
        var near = new bool[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Mark != ' ')
            {
                for (var j = Math.Max(0, i - context); j <= Math.Min(entries.Count - 1, i + context); j++)
                {
                    near[j] = true;
                }
            }
        }

        var kept = new List<Entry>();
        for (var i = 0; i < entries.Count; i++)
        {
            if (near[i])
            {
                kept.Add(entries[i]);
            }
            else if (kept.Count == 0 || kept[^1].Text != "…")
            {
                kept.Add(new Entry(' ', "…"));
            }
        }

        return kept;
    }
}
