using System.Runtime.CompilerServices;

namespace Provision.Cli.Review;

/// <summary>How many there are of each kind. A dictionary by an enumeration would be compiled anew at each start.</summary>
internal sealed class Tally<T> where T : struct, Enum
{
    private int[] _counts = [];

    private Tally()
    {
    }

    public int this[T kind] => _counts.ElementAtOrDefault(Index(kind));

    /// <param name="items">What to count.</param>
    /// <param name="kind">Of which kind one is; null where it does not count.</param>
    public static Tally<T> Of<TItem>(IEnumerable<TItem> items, Func<TItem, T?> kind)
    {
        var tally = new Tally<T>();
        foreach (var item in items)
        {
            if (kind(item) is { } known)
            {
                var at = Index(known);
                if (at >= tally._counts.Length)
                {
                    Array.Resize(ref tally._counts, at + 1);
                }

                tally._counts[at]++;
            }
        }

        return tally;
    }

    public bool Has(T kind) => this[kind] > 0;

    private static int Index(T kind) => Unsafe.BitCast<T, int>(kind);
}
