using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>
/// What a file in <c>stacks/</c> holds: settings, as public properties with <c>init</c>, and the stack that follows from them. Settings are bound
/// from <c>Pulumi.&lt;stack&gt;.yaml</c> and checked against their <see cref="System.ComponentModel.DataAnnotations"/> attributes.
/// </summary>
public abstract class StackDefinition
{
    /// <summary>The stack. A pure function of the settings and of the files read through <see cref="Text"/> and <see cref="Roster"/>.</summary>
    public abstract Stack Define();

    /// <summary>One thing a number, from 1 to <paramref name="count"/>.</summary>
    protected static ImmutableArray<T> Each<T>(int count, Func<int, T> declare) => Declare.Each(count, declare);

    /// <summary>One thing an item.</summary>
    protected static ImmutableArray<T> Each<TItem, T>(IEnumerable<TItem> items, Func<TItem, T> declare) => Declare.Each(items, declare);

    /// <summary>One thing an item, numbered from 1.</summary>
    protected static ImmutableArray<T> Each<TItem, T>(IEnumerable<TItem> items, Func<TItem, int, T> declare) => Declare.Each(items, declare);
}
