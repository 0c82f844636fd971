using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>
/// Puts states so that everything a state refers to stands before it, and otherwise leaves them where they were: the file does not
/// depend on which of two parallel steps ended first.
/// </summary>
internal static class SnapshotOrder
{
    public static ImmutableArray<ResourceState> DependenciesFirst(ImmutableArray<ResourceState> states) => Order(states, countsReplaced: false);

    /// <summary>
    /// The order in which states can be taken away. A live state may hold on to the old object of what it refers to, if a run was
    /// interrupted between the two: it goes before both.
    /// </summary>
    public static IEnumerable<ResourceState> DependentsFirst(ImmutableArray<ResourceState> states) => Order(states, countsReplaced: true).Reverse();

    private static ImmutableArray<ResourceState> Order(ImmutableArray<ResourceState> states, bool countsReplaced)
    {
        var live = new Dictionary<Urn, int>();
        var deleted = new Dictionary<Urn, List<int>>();
        for (var i = 0; i < states.Length; i++)
        {
            if (!states[i].Delete)
            {
                live[states[i].Urn] = i;
            }
            else if (deleted.TryGetValue(states[i].Urn, out var same))
            {
                same.Add(i);
            }
            else
            {
                deleted[states[i].Urn] = [i];
            }
        }

        var sorted = ImmutableArray.CreateBuilder<ResourceState>(states.Length);
        var seen = new bool[states.Length];
        // An explicit stack: a chain of a hundred thousand dependencies would overflow the thread's.
        var path = new Stack<(int Index, IEnumerator<int> Before)>();
        for (var i = 0; i < states.Length; i++)
        {
            Visit(i);
            while (path.TryPeek(out var top))
            {
                if (top.Before.MoveNext())
                {
                    Visit(top.Before.Current);
                }
                else
                {
                    sorted.Add(states[path.Pop().Index]);
                }
            }
        }

        return sorted.MoveToImmutable();

        void Visit(int index)
        {
            if (!seen[index])
            {
                seen[index] = true;
                path.Push((index, Before(states[index]).GetEnumerator()));
            }
        }

        // A state marked delete may hold on to others marked delete, beside the live ones; a live one only to live ones where there are
        // any. Its provider is the exception: until it is made anew itself, it belongs to the instance that was replaced.
        IEnumerable<int> Before(ResourceState state)
        {
            foreach (var urn in state.References())
            {
                var isLive = live.TryGetValue(urn, out var index);
                if (isLive)
                {
                    yield return index;
                }

                if ((countsReplaced || state.Delete || !isLive || urn == state.Provider?.Urn) && deleted.TryGetValue(urn, out var marked))
                {
                    foreach (var other in marked)
                    {
                        yield return other;
                    }
                }
            }
        }
    }
}
