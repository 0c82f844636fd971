using System.Collections.Immutable;
using System.Diagnostics;
using System.Threading.Channels;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>
/// Takes goals as they come and brings each through as soon as what it needs is done. One reader of one channel decides and keeps all
/// notes; only acting happens beside it. A dry run is the same loop without the acting.
/// </summary>
internal sealed class ResourceLoop
{
    private readonly RunContext _run;
    private readonly Reality _reality;
    private readonly RealityReader _reader;
    private readonly GoalDecider _decider;
    private readonly LeftoverAdoption _leftovers;
    private readonly VerdictActor _actor;
    private readonly OwnResources _own;
    private readonly ImmutableDictionary<Urn, PlannedStep>? _planned;

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly GoalGraph _graph;
    private readonly Func<Urn, OutputForecast?> _find;
    private readonly Func<Urn, bool> _isSettled;
    private readonly List<PlannedStep> _steps = [];
    private readonly List<ResourceState> _replaced = [];
    private readonly List<ResourceState> _assumed = [];
    private int _running;

    public ResourceLoop(
        RunContext run, Snapshot snapshot, Reality reality, RealityReader reader, GoalDecider decider, LeftoverAdoption leftovers, VerdictActor actor)
    {
        (_run, _reality, _reader) = (run, reality, reader);
        (_decider, _leftovers, _actor) = (decider, leftovers, actor);
        _graph = new GoalGraph(run, decider);
        (_find, _isSettled) = (Find, IsSettled);
        _own = new OwnResources(run, snapshot, reality, reader, actor);
        _planned = run.DryRun ? null : run.Options.Plan?.Steps.ToImmutableDictionary(step => step.Urn);
    }

    private abstract record Message
    {
        public sealed record Arrived(GoalRegistration Registration) : Message;

        public sealed record Ended(Exception? Failure) : Message;

        public sealed record Completed(ResourceNode Node, StepResult Result) : Message;

        /// <summary>What a goal asks to import was looked at.</summary>
        public sealed record ImportSeen(ResourceNode Node) : Message;
    }

    public IReadOnlyDictionary<Urn, ResourceNode> Nodes => _graph.Nodes;

    /// <summary>What was decided, in order.</summary>
    public IReadOnlyList<PlannedStep> Steps => _steps;

    /// <summary>Old states whose replacement exists now; to be deleted.</summary>
    public IReadOnlyList<ResourceState> Replaced => _replaced;

    /// <summary>The states that resources are assumed to have, dependencies first; see <see cref="DeploymentOptions.Assume"/>.</summary>
    public IReadOnlyList<ResourceState> Assumed => _assumed;

    /// <summary>Runs until the source has ended and everything registered is dealt with. False where the program itself failed.</summary>
    public async Task<bool> RunAsync(IGoalSource source)
    {
        var pump = PumpAsync(source);
        var ended = false;
        var programOk = true;
        while (!ended || _running > 0 || _graph.HasReady)
        {
            if (_graph.NextReady() is { } node)
            {
                Process(node);
                continue;
            }

            switch (await _messages.Reader.ReadAsync(CancellationToken.None))
            {
                case Message.Arrived arrived:
                    _graph.Register(arrived.Registration);
                    break;
                case Message.Completed completed:
                    _running--;
                    Complete(completed.Node, completed.Result);
                    break;
                case Message.ImportSeen import:
                    _running--;
                    import.Node.Status = NodeStatus.Waiting;
                    _graph.Requeue(import.Node);
                    break;
                case Message.Ended end:
                    ended = true;
                    programOk = end.Failure is null;
                    ReportProgramFailure(end.Failure);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        await pump;
        RejectTheStuck();
        return programOk;
    }

    private async Task PumpAsync(IGoalSource source)
    {
        Exception? failure = null;
        try
        {
            await foreach (var registration in source.ReadAsync(_run.Tokens.Stop))
            {
                _messages.Writer.TryWrite(new Message.Arrived(registration));
            }
        }
#pragma warning disable CA1031 // Whatever the program throws ends its registrations, not the run of what it registered.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }

        _messages.Writer.TryWrite(new Message.Ended(failure));
    }

    private void ReportProgramFailure(Exception? failure)
    {
        if (failure is not null and not OperationCanceledException)
        {
            _run.Events.Raise(EngineDiagnostics.ProgramFailed(failure.Message));
        }
    }

    private void Process(ResourceNode node)
    {
        node.IsDecided = true;
        foreach (var urn in node.Needs)
        {
            var needed = _graph.Find(urn);
            if (needed is { Status: NodeStatus.Failed or NodeStatus.Skipped })
            {
                RefuseFor(node, needed);
                return;
            }

            node.ChangesHere |= needed is { ChangesHere: true };
        }

        if (_run.IsStopping)
        {
            Skip(node, "the run was stopped");
            return;
        }

        if (node.Status == NodeStatus.Failed)
        {
            Finish(node, NodeStatus.Failed);
            return;
        }

        node.IsTargeted = IsTargeted(node);
        if (!node.IsTargeted)
        {
            LeaveAlone(node);
            return;
        }

        if (node.Goal.Custom && _decider.NeedsImport(node.Goal) && ImportSource(node.Goal) is { } source)
        {
            node.Status = NodeStatus.Running;
            _running++;
            _ = LookAtImportAsync(node, source);
            return;
        }

        var (verdict, problems) = Decide(node);
        if (verdict is null)
        {
            foreach (var problem in problems)
            {
                _run.Events.Raise(problem);
            }

            Finish(node, NodeStatus.Failed);
            return;
        }

        Start(node, verdict);
    }

    private VerdictOrProblems Decide(ResourceNode node)
    {
        if (!node.Goal.Custom)
        {
            return _decider.DecideComponent(node.Goal, _find);
        }

        if (node.Goal.Type.IsProvider)
        {
            return _decider.DecideProvider(node.Goal, _find);
        }

        var providerChanges = node.Goal.Provider is { } urn && _graph.Find(urn) is { } provider && provider.ChangesHere;
        return _decider.DecideCustom(node.Goal, _find, providerChanges, _isSettled);
    }

    private void Start(ResourceNode node, Verdict verdict)
    {
        var step = new PlannedStep
        {
            Op = verdict.Decision.Op,
            Urn = node.Urn,
            Custom = node.Goal.Custom,
            Parent = node.Goal.Parent,
            Reason = verdict.Decision.Reason,
            Remark = verdict.Remark,
            Sizes = verdict.Sizes,
            Changes = verdict.Decision.Changes,
            Old = verdict.Old,
            Inputs = verdict.Draft.Inputs,
            DeleteBeforeReplace = verdict.Decision.DeleteBeforeReplace,
            LookedAtLater = verdict.LookedAtLater,
            Dependencies = verdict.Draft.Dependencies,
        };
        if (_planned is not null && Beyond(step, verdict) is { } diagnostic)
        {
            _run.Events.Raise(diagnostic);
            Finish(node, NodeStatus.Failed);
            return;
        }

        _steps.Add(step);
        _run.Events.Post(new EngineEvent.StepPlanned(step));
        node.ChangesHere |= step.Op.IsChange();
        foreach (var state in verdict.Ahead)
        {
            if (_graph.Find(state.Urn) is { IsDecided: false } dependent && !dependent.Needs.Contains(node.Urn))
            {
                GoalGraph.AddWait(dependent, node);
            }
        }

        if (step.Op == StepOp.Replace && verdict is { Decision.DeleteBeforeReplace: false, Old: { } replaced })
        {
            _replaced.Add(replaced with { Delete = true });
        }

        if (!node.Goal.Custom || node.Goal.Type.IsProvider)
        {
            StartOwn(node, verdict);
        }
        else if (_run.DryRun)
        {
            node.Forecast = _run.Options.Assume is { } assume && verdict.Provider is { } knowing
                ? Assume(assume(verdict.Draft, knowing))
                : OutputForecast.Of(verdict.Decision, verdict.Draft.Inputs, verdict.Old);
            Finish(node, NodeStatus.Succeeded);
        }
        else if (verdict.Provider is { } provider)
        {
            Launch(node, () => _actor.ActAsync(verdict, provider));
        }
        else
        {
            _run.Events.Raise(EngineDiagnostics.NoProvider(node.Urn, node.Goal.Type.Package));
            Finish(node, NodeStatus.Failed);
        }
    }

    private OutputForecast Assume(ResourceState state)
    {
        _assumed.Add(state);
        return OutputForecast.Of(state);
    }

    /// <summary>Components and provider instances are the engine's own: nothing is called, but a provider's resources may have to be looked at now.</summary>
    private void StartOwn(ResourceNode node, Verdict verdict)
    {
        var state = _own.Settle(verdict);
        node.Forecast = _run.Options.Assume is not null
            ? Assume(state)
            : new OutputForecast(_run.DryRun && state.Id == ProviderReference.UnknownId ? null : state.Id, state.Outputs, Complete: true);
        if (!node.Goal.Custom || !_reality.Unreachable.TryGetValue(verdict.Recorded?.Urn ?? node.Urn, out var failure))
        {
            Finish(node, NodeStatus.Succeeded);
        }
        else if (!node.ChangesHere)
        {
            _own.RaiseUnreachable(node.Urn, verdict.Recorded?.Urn, failure);
            Finish(node, NodeStatus.Failed);
        }
        else if (_run.DryRun)
        {
            Finish(node, NodeStatus.Succeeded);
        }
        else
        {
            Launch(node, () => _own.LookAgainAsync(new ProviderReference(state.Urn, state.Id), state));
        }
    }

    private ProviderReference? ImportSource(ResourceGoal goal) =>
        goal.Provider is { } urn && Find(urn) is { } known ? new ProviderReference(urn, known.Id ?? ProviderReference.UnknownId) : null;

    private async Task LookAtImportAsync(ResourceNode node, ProviderReference source)
    {
        var problem = await _reader.ReadImportAsync(node.Urn, node.Goal.Options.ImportId ?? "", source);
        _messages.Writer.TryWrite(problem is null ? new Message.ImportSeen(node) : new Message.Completed(node, new StepResult.Failed(problem)));
    }

    private void Launch(ResourceNode node, Func<Task<StepResult>> actAsync)
    {
        node.Status = NodeStatus.Running;
        _running++;
        _ = Task.Run(async () =>
        {
            StepResult result;
            try
            {
                result = await actAsync();
            }
#pragma warning disable CA1031 // A bug of ours in one step: it fails that resource, and the run still records and reports the others.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                var diagnostic = EngineDiagnostics.ProviderBug(node.Urn, "step", bug);
                _run.Events.Raise(diagnostic);
                result = new StepResult.Failed(diagnostic);
            }

            _messages.Writer.TryWrite(new Message.Completed(node, result));
        });
    }

    private void Complete(ResourceNode node, StepResult result)
    {
        switch (result)
        {
            case StepResult.Succeeded succeeded:
                if (node.Forecast is null && succeeded.State is { } state)
                {
                    node.Forecast = OutputForecast.Of(state);
                }

                if (node.Goal.Type.IsProvider)
                {
                    _leftovers.Run();
                }

                Finish(node, NodeStatus.Succeeded);
                break;
            case StepResult.Failed:
                Finish(node, NodeStatus.Failed);
                break;
            case StepResult.Skipped skipped:
                Skip(node, skipped.Because);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void RefuseFor(ResourceNode node, ResourceNode needed)
    {
        if (needed is { Status: NodeStatus.Skipped, IsTargeted: false } && IsTargeted(node))
        {
            if (node.Goal.Custom && !node.Goal.Type.IsProvider)
            {
                _run.Events.Raise(EngineDiagnostics.TargetNeeds(node.Urn, needed.Urn));
                Finish(node, NodeStatus.Failed);
                return;
            }

            node.IsTargeted = false;
        }

        Skip(node, needed.Status == NodeStatus.Failed ? $"'{needed.Urn.Name}' failed" : needed.SkippedBecause ?? $"'{needed.Urn.Name}' was not done");
    }

    private void Skip(ResourceNode node, string because)
    {
        node.SkippedBecause = because;
        _decider.Claim(node.Goal);
        if (node.IsTargeted)
        {
            _run.Events.Post(new EngineEvent.StepSkipped(node.Urn, _decider.Recorded(node.Urn) is null ? StepOp.Create : StepOp.Same, because));
        }

        Finish(node, NodeStatus.Skipped);
    }

    /// <summary>A resource outside the targets stays as it is recorded; one that does not exist yet stays so.</summary>
    private void LeaveAlone(ResourceNode node)
    {
        if (_decider.Claim(node.Goal).Recorded is { } recorded)
        {
            node.Forecast = OutputForecast.Of(recorded);
            Finish(node, NodeStatus.Succeeded);
        }
        else
        {
            node.SkippedBecause = "it is not a target";
            Finish(node, NodeStatus.Skipped);
        }
    }

    private void Finish(ResourceNode node, NodeStatus status)
    {
        node.Status = status;
        if (status is NodeStatus.Failed)
        {
            // Failing before it was decided on must not look like "not declared any more".
            _decider.Claim(node.Goal);
        }

        _graph.Release(node);
        node.Registration.Complete(new RegistrationResult(
            status switch
            {
                NodeStatus.Succeeded => RegistrationOutcome.Succeeded,
                NodeStatus.Failed => RegistrationOutcome.Failed,
                _ => RegistrationOutcome.Skipped,
            },
            node.Forecast?.Id,
            node.Forecast?.Outputs ?? PropertyMap.Empty));
    }

    private bool IsTargeted(ResourceNode node) =>
        _run.Selection.Includes(node.Urn, node.Goal.Custom)
        || _run.Options.TargetDependents && node.Needs.Any(urn =>
            _graph.Find(urn) is { IsTargeted: true, Goal.Custom: true } needed && !needed.Goal.Type.IsProvider);

    private bool IsSettled(Urn urn) => _graph.Find(urn) is { } node && node.IsDecided;

    private OutputForecast? Find(Urn urn) =>
        _graph.Find(urn) is { } node ? node.Forecast : _decider.Recorded(urn) is { } recorded ? OutputForecast.Of(recorded) : null;

    private Diagnostic? Beyond(PlannedStep step, Verdict verdict)
    {
        if (StepPlanner.Forbids(_planned?.GetValueOrDefault(step.Urn), step.Op, step.Apply) is { } said)
        {
            return EngineDiagnostics.BeyondPlan(step.Urn, step.Op.Name(), said);
        }

        return verdict.Ahead
            .Where(state => _planned?.GetValueOrDefault(state.Urn) is not { Op: StepOp.Replace or StepOp.Delete } and not { LookedAtLater: true })
            .Select(state => EngineDiagnostics.BeyondPlan(state.Urn, "replace", _planned?.GetValueOrDefault(state.Urn)?.Op.Name() ?? "nothing"))
            .FirstOrDefault();
    }

    private void RejectTheStuck()
    {
        foreach (var node in _graph.Stuck())
        {
            node.Status = NodeStatus.Failed;
            _decider.Claim(node.Goal);
            node.Registration.Complete(new RegistrationResult(RegistrationOutcome.Failed, null, PropertyMap.Empty));
        }
    }
}
