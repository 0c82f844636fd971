using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>
/// Puts the question about one goal together — resolves inputs, finds the old state, asks the provider's check and diff — and has
/// <see cref="StepPlanner"/> decide. Changes nothing but its own notes of who claimed which recorded resource.
/// </summary>
internal sealed class GoalDecider
{
    private readonly RunContext _run;
    private readonly Reality _reality;
    // Concurrent: a late look at an endpoint asks for what is recorded while the loop adopts.
    private readonly ConcurrentDictionary<Urn, ResourceState> _recorded;
    private readonly ReplacePlanner _replaces;
    private readonly ResourceSelection _forced;
    private readonly Dictionary<Urn, Urn> _claims = [];
    private readonly Dictionary<Urn, Urn> _deletedAhead = [];
    private readonly HashSet<Urn> _replacedProviders = [];
    private readonly HashSet<Urn> _unfinished = [];

    public GoalDecider(RunContext run, Snapshot snapshot, Reality reality)
    {
        _run = run;
        _reality = reality;
        _recorded = new(snapshot.Resources.Where(state => !state.Delete).Select(state => KeyValuePair.Create(state.Urn, state)));
        _replaces = new ReplacePlanner(snapshot.Resources);
        _forced = new ResourceSelection(run.Options.Replace, []);
    }

    /// <summary>Whether the recorded resource belongs to a goal of this run.</summary>
    public bool IsClaimed(Urn urn) => _claims.ContainsKey(urn);

    public ResourceState? Recorded(Urn urn) => _recorded.GetValueOrDefault(urn);

    /// <summary>The root whose replacement takes this recorded resource away first; null where none does.</summary>
    public Urn? DeletedAheadFor(Urn urn) => _deletedAhead.TryGetValue(urn, out var root) ? root : null;

    /// <summary>
    /// Takes in what an interrupted run made of a resource: from here on it is as good as recorded, so that whatever happens to the things
    /// it uses happens to it too. One that was cut short is made anew.
    /// </summary>
    public void Adopt(ResourceState state, bool finished)
    {
        _recorded[state.Urn] = state;
        _replaces.Add(state);
        if (!finished)
        {
            _unfinished.Add(state.Urn);
        }
    }

    /// <summary>Everything recorded or adopted that is live.</summary>
    public IEnumerable<ResourceState> Live => _recorded.Values;

    /// <summary>Finds the recorded resource of a goal: its own URN first, then its aliases in order.</summary>
    public (ResourceState? Recorded, Diagnostic? Problem) Claim(ResourceGoal goal)
    {
        foreach (var urn in goal.Options.Aliases.Prepend(goal.Urn))
        {
            if (_recorded.TryGetValue(urn, out var recorded))
            {
                return _claims.TryAdd(urn, goal.Urn) || _claims[urn] == goal.Urn
                    ? (recorded, null)
                    : (null, EngineDiagnostics.AliasTaken(goal.Urn, urn));
            }
        }

        return (null, null);
    }

    /// <summary>Decides on a component, which has no provider and no object.</summary>
    public VerdictOrProblems DecideComponent(ResourceGoal goal, Func<Urn, OutputForecast?> find)
    {
        var (recorded, taken) = Claim(goal);
        var resolved = InputResolver.Resolve(goal, find);
        if (Problems(taken, resolved.Problems) is { IsEmpty: false } problems)
        {
            return problems;
        }

        var draft = StateBuilder.Of(goal, resolved.Inputs, resolved.Dependencies, resolved.PropertyDependencies, null);
        if (recorded is null)
        {
            return new Verdict { Decision = new Decision(StepOp.Create, [], null, false, []), Draft = draft };
        }

        var changes = PropertyComparison.Compare(recorded.Inputs, resolved.Inputs);
        return new Verdict
        {
            Decision = changes.IsEmpty ? Decision.Same : new Decision(StepOp.Update, changes, null, false, []),
            Draft = StateBuilder.Continue(draft, recorded),
            Old = recorded,
            Recorded = recorded,
            Was = recorded.Urn == goal.Urn ? null : recorded.Urn,
        };
    }

    /// <summary>Decides on a provider resource, whose object is a configured instance of ours.</summary>
    public VerdictOrProblems DecideProvider(ResourceGoal goal, Func<Urn, OutputForecast?> find)
    {
        var (recorded, taken) = Claim(goal);
        var resolved = InputResolver.Resolve(goal, find);
        if (Problems(taken, resolved.Problems) is { IsEmpty: false } problems)
        {
            return problems;
        }

        if (_run.Providers.FactoryOf(goal.Type.Package) is not { } factory)
        {
            return EngineDiagnostics.NoProvider(goal.Urn, goal.Type.Package);
        }

        var check = factory.CheckConfig(resolved.Inputs);
        if (!check.Failures.IsEmpty)
        {
            return Failures(goal.Urn, check);
        }

        var draft = StateBuilder.Of(goal, check.Inputs, resolved.Dependencies, resolved.PropertyDependencies, null);
        if (recorded is null)
        {
            return new Verdict { Decision = new Decision(StepOp.Create, [], null, false, []), Draft = draft };
        }

        var changes = PropertyComparison.Compare(recorded.Inputs, check.Inputs);
        var replaces = !changes.IsEmpty && factory.ConfigReplaces(recorded.Inputs, check.Inputs);
        if (replaces)
        {
            _replacedProviders.Add(recorded.Urn);
        }

        return new Verdict
        {
            Decision = changes.IsEmpty ? Decision.Same
                : replaces ? new Decision(StepOp.Replace, changes, "another endpoint", DeleteBeforeReplace: false, [])
                : new Decision(StepOp.Update, changes, null, false, []),
            Draft = replaces ? draft : StateBuilder.Continue(draft, recorded),
            Old = recorded,
            Recorded = recorded,
            Was = recorded.Urn == goal.Urn ? null : recorded.Urn,
        };
    }

    /// <summary>Decides on a resource that a provider handles.</summary>
    /// <param name="providerChanges">The endpoint is being brought up or changed by this run.</param>
    /// <param name="isSettled">Whether a recorded resource was decided on already.</param>
    public VerdictOrProblems DecideCustom(ResourceGoal goal, Func<Urn, OutputForecast?> find, bool providerChanges, Func<Urn, bool> isSettled)
    {
        var (recorded, taken) = Claim(goal);
        var resolved = InputResolver.Resolve(goal, find);
        if (Problems(taken, resolved.Problems) is { IsEmpty: false } problems)
        {
            return problems;
        }

        if (goal.Provider is not { } providerUrn || find(providerUrn) is not { } providerForecast)
        {
            return EngineDiagnostics.NoProvider(goal.Urn, goal.Type.Package);
        }

        var reference = new ProviderReference(providerUrn, providerForecast.Id ?? ProviderReference.UnknownId);
        var provider = _run.Providers.Find(reference);
        var (old, gone) = Old(recorded);
        var inputs = old is null ? resolved.Inputs : IgnoredChanges.Reset(resolved.Inputs, old.Inputs, goal.Options.IgnoreChanges);
        string? remark = null;
        ImmutableArray<SizedInput> sizes = [];
        if (provider is not null)
        {
            var check = provider.Check(new CheckRequest(goal.Urn, old?.Inputs ?? PropertyMap.Empty, inputs));
            if (!check.Failures.IsEmpty)
            {
                return Failures(goal.Urn, check);
            }

            inputs = check.Inputs;
            (remark, sizes) = (check.Remark, check.Sizes);
        }

        var draft = StateBuilder.Of(goal, inputs, resolved.Dependencies, resolved.PropertyDependencies, reference);
        if (_reality.Imports.TryGetValue(goal.Urn, out var seen) && provider is not null)
        {
            return DecideImport(goal, draft, seen, provider);
        }

        var diff = old is null || provider is null
            ? null
            : IgnoredChanges.Escalate(provider.Diff(new DiffRequest(goal.Urn, old.Id, old.Inputs, old.Outputs, inputs)), goal.Options.ReplaceOnChanges);
        var aheadFor = recorded is null ? null : DeletedAheadFor(recorded.Urn);
        var decision = StepPlanner.Decide(new StepQuestion
        {
            Goal = goal,
            Inputs = inputs,
            Old = old,
            Gone = gone,
            Diff = diff,
            DeletedAheadFor = aheadFor?.Name,
            ForcedReplacement = old is null ? null : Forced(goal, old, reference),
            RecordedInputsDiffer = old is not null && !old.Inputs.Equals(inputs),
        });
        var oldIsDeleted = aheadFor is not null || old is { PendingReplacement: true };
        var verdict = new Verdict
        {
            Decision = decision,
            Draft = old is null || decision.Op == StepOp.Replace ? draft : StateBuilder.Continue(draft, old),
            Old = old,
            Recorded = recorded,
            Was = recorded is null || recorded.Urn == goal.Urn ? null : recorded.Urn,
            Provider = provider,
            Diff = diff ?? DiffResponse.Same,
            Remark = decision.Op switch { StepOp.Create => remark, StepOp.Same => null, _ => diff?.Remark },
            Sizes = sizes,
            OldIsDeleted = oldIsDeleted,
            LookedAtLater = providerChanges && recorded is not null && _reality.Observations.GetValueOrDefault(recorded.Urn) is Observation.Unreachable,
        };
        if (decision.Op == StepOp.Replace && old is not null && _unfinished.Contains(old.Urn))
        {
            verdict = verdict with { Decision = decision with { DeleteBeforeReplace = true } };
        }

        return decision.Op == StepOp.Replace && old is not null && !oldIsDeleted ? WithDependents(verdict, old, isSettled) : verdict;
    }

    /// <summary>Whether the goal asks for an existing object that is not recorded as this resource yet.</summary>
    public bool NeedsImport(ResourceGoal goal) =>
        goal.Options.ImportId is { } id && !_reality.Imports.ContainsKey(goal.Urn)
        && (Recorded(goal.Urn) is not { } recorded || (recorded.ImportId ?? recorded.Id) != id);

    private VerdictOrProblems DecideImport(ResourceGoal goal, ResourceState draft, ReadResponse seen, IResourceProvider provider)
    {
        if (seen is not ReadResponse.Found found)
        {
            return EngineDiagnostics.ImportMissing(goal.Urn, goal.Options.ImportId ?? "");
        }

        if (found.Inputs is null)
        {
            return EngineDiagnostics.ImportUnsupported(goal.Urn);
        }

        var imported = draft with { Id = found.Id, Outputs = found.Outputs, Inputs = found.Inputs };
        // The operation takes an object as it is; a goal says how it shall be.
        var diff = _run.Options.Operation == Operation.Import
            ? DiffResponse.Same
            : provider.Diff(new DiffRequest(goal.Urn, found.Id, found.Inputs, found.Outputs, draft.Inputs));
        if (diff.Replaces)
        {
            return EngineDiagnostics.ImportReplaces(
                goal.Urn, string.Join(", ", diff.Changes.Where(change => change.Apply == ApplyClass.Replace).Select(change => change.Path)));
        }

        return new Verdict
        {
            Decision = new Decision(StepOp.Import, diff.Changes, null, DeleteBeforeReplace: false, diff.Stables),
            Draft = _run.Options.Operation == Operation.Import ? imported : draft with { Id = found.Id, Outputs = found.Outputs },
            Old = imported,
            Recorded = imported,
            Provider = provider,
            Diff = diff,
        };
    }

    private VerdictOrProblems WithDependents(Verdict verdict, ResourceState old, Func<Urn, bool> isSettled)
    {
        if (old.Protect && verdict.Draft.Protect)
        {
            return EngineDiagnostics.Protected(verdict.Draft.Urn, "replace");
        }

        if (!verdict.Decision.DeleteBeforeReplace)
        {
            return verdict;
        }

        var ahead = _replaces.Dependents(
            old,
            urn => isSettled(urn) || _deletedAhead.ContainsKey(urn),
            (state, inputs) => _run.Providers.Find(state.Provider)?.Diff(new DiffRequest(state.Urn, state.Id, state.Inputs, state.Outputs, inputs)));
        if (ahead.FirstOrDefault(state => state.Protect) is { } kept)
        {
            return EngineDiagnostics.Protected(kept.Urn, "replace");
        }

        foreach (var state in ahead)
        {
            _deletedAhead[state.Urn] = verdict.Draft.Urn;
        }

        return verdict with
        {
            Ahead = [.. ahead.Select(state => _reality.Observations.GetValueOrDefault(state.Urn) is Observation.Seen seen ? seen.State : state)],
        };
    }

    /// <summary>What is there of the resource: as seen, or else as recorded.</summary>
    private (ResourceState? Old, bool Gone) Old(ResourceState? recorded) =>
        recorded is null || recorded.PendingReplacement ? (recorded, false) : _reality.Observations.GetValueOrDefault(recorded.Urn) switch
        {
            Observation.Seen seen => (seen.State, false),
            Observation.Gone => (null, true),
            _ => (recorded, false),
        };

    private string? Forced(ResourceGoal goal, ResourceState old, ProviderReference reference)
    {
        if (_unfinished.Contains(old.Urn))
        {
            return "was left unfinished";
        }

        if (_forced.HasTargets && _forced.Includes(goal.Urn, custom: true))
        {
            return "asked for";
        }

        if (old.Provider is not { } before || before == reference)
        {
            return null;
        }

        return before.Urn != reference.Urn && !_claims.ContainsKey(before.Urn) ? "moves to another provider"
            : before.Urn != reference.Urn && _claims[before.Urn] != reference.Urn ? "moves to another provider"
            : _replacedProviders.Contains(before.Urn) ? "its provider is replaced"
            : null;
    }

    private static ImmutableArray<Diagnostic> Problems(Diagnostic? first, ImmutableArray<Diagnostic> others) => first is null ? others : [first, .. others];

    private static ImmutableArray<Diagnostic> Failures(Urn urn, CheckResponse check) =>
        [.. check.Failures.Select(failure => EngineDiagnostics.CheckFailed(urn, failure.Path.ToString(), failure.Reason, failure.Remedy))];
}
