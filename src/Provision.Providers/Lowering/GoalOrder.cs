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
        var path = new Stack<(ResourceGoal Goal, IEnumerator<Urn> Next)>();
        foreach (var start in goals)
        {
            Enter(start);
            while (path.TryPeek(out var at))
            {
                if (at.Next.MoveNext())
                {
                    if (byUrn.TryGetValue(at.Next.Current, out var needed))
                    {
                        Enter(needed);
                    }
                }
                else
                {
                    sorted.Add(path.Pop().Goal);
                }
            }
        }

        return sorted.MoveToImmutable();

        void Enter(ResourceGoal goal)
        {
            if (entered.Add(goal.Urn))
            {
                path.Push((goal, Needed(goal).GetEnumerator()));
            }
        }
    }

    private static IEnumerable<Urn> Needed(ResourceGoal goal)
    {
        if (goal.Parent is { } parent)
        {
            yield return parent;
        }

        if (goal.Provider is { } provider)
        {
            yield return provider;
        }

        foreach (var urn in goal.Options.DependsOn)
        {
            yield return urn;
        }

        foreach (var urn in goal.Inputs.Values.SelectMany(References))
        {
            yield return urn;
        }
    }

    private static IEnumerable<Urn> References(PropertyValue value) => value switch
    {
        PropertyValue.Reference reference => [reference.Urn],
        PropertyValue.Join join => join.Parts.SelectMany(References),
        PropertyValue.List list => list.Items.SelectMany(References),
        PropertyValue.Map map => map.Properties.Values.SelectMany(References),
        PropertyValue.Secret secret => References(secret.Reveal()),
        _ => [],
    };
}
