using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>Declares many alike; for <c>using static</c> outside a <see cref="StackDefinition"/>.</summary>
public static class Declare
{
    /// <summary>One thing a number, from 1 to <paramref name="count"/>.</summary>
    public static ImmutableArray<T> Each<T>(int count, Func<int, T> declare)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(declare);
        return [.. Enumerable.Range(1, count).Select(declare)];
    }

    /// <summary>One thing an item.</summary>
    public static ImmutableArray<T> Each<TItem, T>(IEnumerable<TItem> items, Func<TItem, T> declare)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(declare);
        return [.. items.Select(declare)];
    }

    /// <summary>One thing an item, numbered from 1.</summary>
    public static ImmutableArray<T> Each<TItem, T>(IEnumerable<TItem> items, Func<TItem, int, T> declare)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(declare);
        return [.. items.Select((item, at) => declare(item, at + 1))];
    }
}
