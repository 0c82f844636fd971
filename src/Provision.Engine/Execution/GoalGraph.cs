using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>
/// Who waits for whom among the goals registered so far. A goal may need one that comes later; it is ready once everything it needs is
/// done. Touched by the loop alone.
/// </summary>
internal sealed class GoalGraph(RunContext run, GoalDecider decider)
{
    private readonly Dictionary<Urn, ResourceNode> _nodes = [];
    private readonly Dictionary<Urn, List<ResourceNode>> _awaited = [];
    private readonly Queue<ResourceNode> _ready = new();

    public IReadOnlyDictionary<Urn, ResourceNode> Nodes => _nodes;

    public bool HasReady => _ready.Count > 0;

    public ResourceNode? Find(Urn urn) => _nodes.GetValueOrDefault(urn);

    public ResourceNode? NextReady() => _ready.TryDequeue(out var node) ? node : null;

    /// <summary>Puts a node back whose turn could not be finished at once.</summary>
    public void Requeue(ResourceNode node) => _ready.Enqueue(node);

    public void Register(GoalRegistration registration)
    {
        var goal = Inherit(registration.Goal);
        var node = new ResourceNode(registration, goal) { Needs = NeedsOf(goal) };
        if (!_nodes.TryAdd(goal.Urn, node))
        {
            var duplicate = EngineDiagnostics.DuplicateUrn(goal.Urn);
            run.Events.Raise(duplicate);
            registration.Complete(new RegistrationResult(RegistrationOutcome.Failed, null, PropertyMap.Empty));
            // Which of the two is meant is anybody's guess: neither the first nor what depends on it is a safe thing to go on with.
            _nodes[goal.Urn].Status = _nodes[goal.Urn].Status == NodeStatus.Waiting ? NodeStatus.Failed : _nodes[goal.Urn].Status;
            return;
        }

        foreach (var urn in node.Needs)
        {
            AddNeed(node, urn);
        }

        // A recorded resource of this name is being deleted ahead of another's replacement: first that has to be over.
        if (decider.DeletedAheadFor(goal.Urn) is { } root && !node.Needs.Contains(root))
        {
            AddNeed(node, root);
        }

        if (_awaited.Remove(goal.Urn, out var waiting))
        {
            node.Dependents.AddRange(waiting);
        }

        if (node.Waiting == 0)
        {
            _ready.Enqueue(node);
        }
    }

    private void AddNeed(ResourceNode node, Urn urn)
    {
        if (!_nodes.TryGetValue(urn, out var needed))
        {
            // An import adds to a stack without declaring the rest of it: what is recorded is there.
            if (run.Options.Operation == Operation.Import && decider.Recorded(urn) is not null)
            {
                return;
            }

            if (!_awaited.TryGetValue(urn, out var list))
            {
                _awaited[urn] = list = [];
            }

            list.Add(node);
            node.Waiting++;
        }
        else if (!needed.IsDone)
        {
            AddWait(node, needed);
        }
    }

    /// <summary>Makes an undecided node wait for another one besides what it needs.</summary>
    public static void AddWait(ResourceNode node, ResourceNode other)
    {
        other.Dependents.Add(node);
        node.Waiting++;
    }

    /// <summary>A node is done: whoever waited for it alone is ready.</summary>
    public void Release(ResourceNode node)
    {
        foreach (var dependent in node.Dependents)
        {
            if (--dependent.Waiting == 0)
            {
                _ready.Enqueue(dependent);
            }
        }
    }

    /// <summary>protect, retainOnDelete and deletedWith come down from the parent where the goal leaves them open.</summary>
    private ResourceGoal Inherit(ResourceGoal goal) =>
        goal.Parent is { } parent && _nodes.TryGetValue(parent, out var node)
            ? goal with
            {
                Options = goal.Options with
                {
                    Protect = goal.Options.Protect ?? node.Goal.Options.Protect,
                    RetainOnDelete = goal.Options.RetainOnDelete ?? node.Goal.Options.RetainOnDelete,
                    DeletedWith = goal.Options.DeletedWith ?? node.Goal.Options.DeletedWith,
                },
            }
            : goal;

    private static HashSet<Urn> NeedsOf(ResourceGoal goal)
    {
        var needs = new HashSet<Urn>(goal.Options.DependsOn);
        PropertyReferences.Visit(goal.Inputs, reference => needs.Add(reference.Urn));

        foreach (var urn in new[] { goal.Parent, goal.Provider, goal.Options.DeletedWith }.OfType<Urn>())
        {
            needs.Add(urn);
        }

        return needs;
    }

    /// <summary>Whoever still waits when nothing more comes: it waits for something undeclared, or for itself. Raises why.</summary>
    public IReadOnlyList<ResourceNode> Stuck()
    {
        var stuck = _nodes.Values.Where(node => !node.IsDone).ToList();
        foreach (var node in stuck)
        {
            foreach (var missing in node.Needs.Where(urn => !_nodes.ContainsKey(urn)))
            {
                run.Events.Raise(EngineDiagnostics.MissingReference(node.Urn, missing));
            }
        }

        if (FindLoop(stuck) is { } loop)
        {
            run.Events.Raise(EngineDiagnostics.Cycle(loop));
        }

        return stuck;
    }

    private List<Urn>? FindLoop(List<ResourceNode> stuck)
    {
        // Walking from need to unfinished need must come back to where it was, or end at something undeclared.
        foreach (var start in stuck)
        {
            var path = new List<Urn>();
            var seen = new Dictionary<Urn, int>();
            var node = start;
            while (node is not null && seen.TryAdd(node.Urn, path.Count))
            {
                path.Add(node.Urn);
                node = node.Needs.Select(urn => _nodes.GetValueOrDefault(urn)).FirstOrDefault(needed => needed is { IsDone: false });
            }

            if (node is not null)
            {
                return [.. path.Skip(seen[node.Urn]), node.Urn];
            }
        }

        return null;
    }
}
