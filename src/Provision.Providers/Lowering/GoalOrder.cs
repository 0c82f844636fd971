using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Providers.Lowering;

/// <summary>Puts goals into an order in which parents and whatever a goal refers to come before it; otherwise as they were declared.</summary>
internal static class GoalOrder
{
    /// <summary>Depth-first with a stack of its own: a chain of 5,000 containers must not end the process.</summary>
    public static ImmutableArray<ResourceGoal> Sort(IReadOnlyList<ResourceGoal> goals)
    {
        var byUrn = goals.ToDictionary(goal => goal.Urn);
        var entered = new HashSet<Urn>();
        var sorted = ImmutableArray.CreateBuilder<ResourceGoal>(goals.Count);
        var path = new Stack<Visited>();
        foreach (var start in goals)
        {
            Enter(start);
            while (path.TryPeek(out var at))
            {
                if (at.Done == at.Needed.Count)
                {
                    sorted.Add(path.Pop().Goal);
                }
                else if (byUrn.TryGetValue(at.Needed[at.Done++], out var needed))
                {
                    Enter(needed);
                }
            }
        }

        return sorted.MoveToImmutable();

        void Enter(ResourceGoal goal)
        {
            if (entered.Add(goal.Urn))
            {
                path.Push(new Visited(goal, Needed(goal)));
            }
        }
    }

    private static List<Urn> Needed(ResourceGoal goal)
    {
        var needed = new List<Urn>();
        if (goal.Parent is { } parent)
        {
            needed.Add(parent);
        }

        if (goal.Provider is { } provider)
        {
            needed.Add(provider);
        }

        needed.AddRange(goal.Options.DependsOn);
        PropertyReferences.Visit(goal.Inputs, reference => needed.Add(reference.Urn));
        return needed;
    }

    /// <summary>A goal on the way to what it needs.</summary>
    private sealed class Visited(ResourceGoal goal, List<Urn> needed)
    {
        public ResourceGoal Goal { get; } = goal;

        public List<Urn> Needed { get; } = needed;

        public int Done { get; set; }
    }
}
