using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>The outputs of the stack and of components, once everything they may refer to is done.</summary>
internal sealed class OutputPhase(RunContext run, GoalDecider decider)
{
    /// <summary>Resolves and records them; gives the stack's.</summary>
    /// <param name="nodes">All goals of the run.</param>
    /// <param name="complete">False where something failed or was not tried: outputs are then laid over the recorded ones, not put in their place.</param>
    public PropertyMap Run(IReadOnlyDictionary<Urn, ResourceNode> nodes, bool complete)
    {
        var stackOutputs = PropertyMap.Empty;
        foreach (var node in nodes.Values.Where(node => node is { Goal.Custom: false, Status: NodeStatus.Succeeded }))
        {
            var before = decider.Recorded(node.Urn)?.Outputs ?? PropertyMap.Empty;
            var outputs = before;
            if (node.Goal.ComponentOutputs is { } wanted)
            {
                var resolved = InputResolver.Resolve(node.Urn, wanted, [], urn => nodes.GetValueOrDefault(urn)?.Forecast);
                foreach (var problem in complete ? resolved.Problems : [])
                {
                    run.Events.Raise(problem);
                }

                outputs = complete || run.DryRun ? resolved.Inputs : before.Merge(Known(resolved.Inputs));
            }

            if (node.Urn.Type == ResourceType.Stack)
            {
                stackOutputs = outputs;
            }

            Record(node, outputs, before);
        }

        return stackOutputs;
    }

    private void Record(ResourceNode node, PropertyMap outputs, PropertyMap before)
    {
        if (run.DryRun || outputs.Equals(before))
        {
            return;
        }

        var recorded = decider.Recorded(node.Urn);
        var now = run.Clock.GetUtcNow();
        var state = StateBuilder.Of(node.Goal, node.Goal.Inputs, [.. node.Goal.Options.DependsOn.Order()], [], null) with
        {
            Outputs = outputs,
            Created = recorded?.Created ?? now,
            Modified = now,
            UnknownMembers = recorded?.UnknownMembers ?? ImmutableSortedDictionary<string, JsonElement>.Empty,
        };
        run.Journal.Post(new JournalEntry.Recorded([new StateChange.Put(state)]));
    }

    private static PropertyMap Known(PropertyMap outputs) => outputs.Where((_, output) => output is not PropertyValue.Unknown);
}
