using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>
/// Makes what an interrupted create left a part of what is recorded, or, where the resource has another live object already, something to
/// delete: the new half of a replacement that was never recorded.
/// </summary>
internal sealed class LeftoverAdoption(RunContext run, Reality reality, GoalDecider decider)
{
    private readonly List<ResourceState> _superfluous = [];

    /// <summary>Objects beside the live one of their resource.</summary>
    public IReadOnlyList<ResourceState> Superfluous => _superfluous;

    /// <summary>Adopts everything found so far. Called where nothing is being decided on.</summary>
    public void Run()
    {
        foreach (var urn in reality.Leftovers.Keys.Order())
        {
            if (!reality.Leftovers.TryRemove(urn, out var leftover))
            {
                continue;
            }

            if (decider.Recorded(urn) is { PendingReplacement: false } recorded && reality.Observations.GetValueOrDefault(urn) is not Observation.Gone)
            {
                if (recorded.Id != leftover.State.Id)
                {
                    _superfluous.Add(leftover.State with { Delete = true });
                }

                continue;
            }

            run.Events.Raise(EngineDiagnostics.CreatedButUnfinished(urn));
            reality.Observations.TryRemove(urn, out _);
            decider.Adopt(leftover.State, leftover.Finished);
            if (!run.DryRun)
            {
                run.Journal.Post(new JournalEntry.Recorded([new StateChange.Put(leftover.State)]));
            }
        }
    }
}
