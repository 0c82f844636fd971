using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>Steps 1 to 6 of <see cref="Deployment.RunAsync"/>.</summary>
internal sealed class OperationRun
{
    private readonly RunContext _run;
    private readonly Snapshot _snapshot;
    private readonly IGoalSource _goals;
    private readonly Reality _reality = new();
    private readonly RealityReader _reader;
    private readonly GoalDecider _decider;
    private readonly DeleteRunner _deletes;
    private readonly ResourceLoop _loop;
    private readonly DeletePhase _deletePhase;
    private readonly LeftoverAdoption _leftovers;

    public OperationRun(RunContext run, Snapshot snapshot, IGoalSource goals)
    {
        (_run, _snapshot) = (run, snapshot);
        _goals = run.Options.Operation is Operation.Destroy or Operation.Refresh ? new FinishedGoalSource([]) : goals;
        _decider = new GoalDecider(run, snapshot, _reality);
        _reader = new RealityReader(run, _reality, _decider.Recorded);
        var executor = new StepExecutor(run);
        _deletes = new DeleteRunner(run, executor);
        _leftovers = new LeftoverAdoption(run, _reality, _decider);
        _loop = new ResourceLoop(run, snapshot, _reality, _reader, _decider, _leftovers, new VerdictActor(run, executor, _deletes));
        _deletePhase = new DeletePhase(run, snapshot, _reality, _decider, _deletes);
    }

    public async Task<DeploymentResult> RunAsync()
    {
        // 1. Open the recorded provider instances. Connects to nothing.
        foreach (var state in _snapshot.Resources.Where(state => state.Type.IsProvider && !state.Delete))
        {
            _run.Providers.Open(new ProviderReference(state.Urn, state.Id), state.Inputs);
        }

        // 2. Look at reality. A destroy need not: deleting what is gone already is no mistake.
        var everything = _run.Options.Operation == Operation.Refresh || _run.Options.Refresh && _run.Options.Operation != Operation.Destroy;
        if (!await _reader.ReadAllAsync(_snapshot, everything))
        {
            return Result([], PropertyMap.Empty, [], []);
        }

        if (_run.Options.Operation == Operation.Refresh)
        {
            var refreshed = new RefreshPhase(_run, _snapshot, _reality).Run();
            SettlePending([]);
            return Result(refreshed, PropertyMap.Empty, [], []);
        }

        _leftovers.Run();

        // 3. Bring the goals through.
        var programOk = await _loop.RunAsync(_goals);
        RejectUnknownTargets();
        var failed = _loop.Nodes.Values.Where(node => node.Status == NodeStatus.Failed).Select(node => node.Urn).ToList();
        var skipped = _loop.Nodes.Values.Where(node => node is { Status: NodeStatus.Skipped, IsTargeted: true }).Select(node => node.Urn).ToList();

        // 4. Delete what is not wanted any more; never on the word of a program that failed, and an import only adds.
        var steps = _loop.Steps.ToImmutableArray();
        if (programOk && _run.Options.Operation != Operation.Import)
        {
            steps = steps.AddRange(await DeleteAsync(failed, skipped));
        }

        // 5. Settle what an earlier run left pending.
        SettlePending([.. failed, .. skipped]);

        // 6. Resolve outputs.
        var outputs = new OutputPhase(_run, _decider).Run(_loop.Nodes, programOk && failed.Count == 0 && skipped.Count == 0);
        return Result(steps, outputs, failed, skipped);
    }

    private async Task<IEnumerable<PlannedStep>> DeleteAsync(List<Urn> failed, List<Urn> skipped)
    {
        var deletes = _deletePhase.Plan([.. _loop.Replaced.Where(state => Made(state.Urn)), .. _leftovers.Superfluous], [.. failed, .. skipped]);
        foreach (var (step, _) in deletes.Where(delete => delete.Step.Op != StepOp.DeleteReplaced))
        {
            _run.Events.Post(new EngineEvent.StepPlanned(step));
        }

        if (!_run.DryRun)
        {
            foreach (var (step, result) in await _deletePhase.RunAsync(deletes))
            {
                (result switch
                {
                    StepResult.Failed => failed,
                    StepResult.Skipped => skipped,
                    _ => null,
                })?.Add(step.State.Urn);
            }
        }

        return deletes.Select(delete => delete.Step).Where(step => step.Op != StepOp.DeleteReplaced || !Made(step.Urn));

        bool Made(Urn urn) => !_loop.Nodes.TryGetValue(urn, out var node) || node.Status == NodeStatus.Succeeded;
    }

    private void SettlePending(IReadOnlyCollection<Urn> open)
    {
        if (_run.DryRun || _run.IsStopping)
        {
            return;
        }

        foreach (var urn in _snapshot.PendingOperations.Select(operation => operation.Resource).DistinctBy(resource => resource.Urn))
        {
            var unreachable = urn.Provider is { } provider && _reality.Unreachable.ContainsKey(provider.Urn);
            if (!unreachable && !open.Contains(urn.Urn))
            {
                _run.Journal.Post(new JournalEntry.PendingSettled(urn.Urn, []));
            }
        }

        foreach (var (provider, failure) in _reality.Unreachable.Where(_ => _run.Options.Operation == Operation.Destroy))
        {
            _run.Events.Raise(EngineDiagnostics.Unreachable(
                provider, _snapshot.PendingOperations.Count(operation => operation.Resource.Provider?.Urn == provider), failure.Message, failure.Remedy));
        }
    }

    private void RejectUnknownTargets()
    {
        if (_run.Selection.IsEverything)
        {
            return;
        }

        var known = _loop.Nodes.Keys.Union(_snapshot.Resources.Select(state => state.Urn)).ToList();
        foreach (var target in _run.Selection.Unmatched(known))
        {
            _run.Events.Raise(EngineDiagnostics.TargetUnknown(target));
        }
    }

    private DeploymentResult Result(ImmutableArray<PlannedStep> steps, PropertyMap outputs, IReadOnlyCollection<Urn> failed, IReadOnlyCollection<Urn> skipped)
    {
        var open = failed.Concat(skipped).ToHashSet();
        var plan = new Plan { Operation = _run.Options.Operation, Steps = steps, Outputs = outputs };
        var done = _run.DryRun ? plan : plan with { Steps = [.. steps.Where(step => !open.Contains(step.Urn))] };
        return new DeploymentResult
        {
            Outcome = OperationOutcome.Succeeded,
            Plan = plan,
            Snapshot = _run.Options.Assume is null ? _snapshot : Assumed(outputs),
            Counts = done.Counts(),
            Outputs = outputs,
            Failed = [.. failed.Order()],
            Skipped = [.. skipped.Order()],
        };
    }

    private Snapshot Assumed(PropertyMap outputs) => Snapshot.Empty with
    {
        Resources = [.. _loop.Assumed.Select(state => state.Type == ResourceType.Stack ? state with { Outputs = outputs } : state)],
    };
}
