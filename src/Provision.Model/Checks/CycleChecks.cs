using System.Collections.Immutable;

namespace Provision.Model.Checks;

/// <summary>Finds things that wait for each other. Depth-first with a stack of its own: a chain of 5,000 containers must not end the process.</summary>
internal static class CycleChecks
{
    private enum Mark
    {
        Open,
        Done,
    }

    public static void Run(Stack stack, Scope scope, ProblemList problems)
    {
        var marks = new Dictionary<Declared, Mark>(ReferenceEqualityComparer.Instance);
        foreach (var start in scope.All)
        {
            if (!marks.ContainsKey(start))
            {
                Visit(start, scope, marks, problems);
            }
        }
    }

    private static void Visit(Declared start, Scope scope, Dictionary<Declared, Mark> marks, ProblemList problems)
    {
        var path = new List<(Declared Node, IEnumerator<Declared> Next)>();
        Enter(start);
        while (path.Count > 0)
        {
            var (node, next) = path[^1];
            if (!next.MoveNext())
            {
                next.Dispose();
                marks[node] = Mark.Done;
                path.RemoveAt(path.Count - 1);
                continue;
            }

            var target = next.Current;
            if (!scope.Contains(target))
            {
                continue;
            }

            if (!marks.TryGetValue(target, out var mark))
            {
                Enter(target);
            }
            else if (mark == Mark.Open)
            {
                var loop = path.SkipWhile(step => !ReferenceEquals(step.Node, target)).Select(step => step.Node.Name).Append(target.Name);
                problems.Add(StackProblems.Cycle(scope.PlaceOf(target), loop));
            }
        }

        void Enter(Declared node)
        {
            marks[node] = Mark.Open;
            path.Add((node, References.Of(node).Concat(Around(node, scope)).GetEnumerator()));
        }
    }

    // A host or hypervisor is there when everything on it is: whoever waits for it waits for its contents, and what it waits for they wait for.
    private static ImmutableArray<Declared> Around(Declared node, Scope scope)
    {
        ImmutableArray<Declared> contents = node switch
        {
            Host host => [.. host.Networks, .. host.Volumes, .. host.Containers, .. host.Hypervisors],
            Hypervisor hypervisor => [.. hypervisor.Networks, .. hypervisor.Pools, .. hypervisor.Machines],
            _ => [],
        };
        return node is Host ? contents : [.. contents, .. scope.FindHost(node)?.Lifecycle.DependsOn ?? [], .. scope.FindHypervisor(node)?.Lifecycle.DependsOn ?? []];
    }
}
