using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>The outcome of an edit. With an error among the diagnostics, the snapshot is the one before.</summary>
public sealed record StateEdit(Snapshot Snapshot, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool Succeeded => Diagnostics.All(diagnostic => diagnostic.Severity != Severity.Error);
}

/// <summary>The outcome of moving resources: both stacks' snapshots.</summary>
public sealed record StateMove(Snapshot Source, Snapshot Target, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool Succeeded => Diagnostics.All(diagnostic => diagnostic.Severity != Severity.Error);
}

/// <summary>What the <c>state</c> commands do to a snapshot. Pure: nothing real is touched, and the caller commits.</summary>
public static class StateEdits
{
    /// <summary>Forgets a resource; with <paramref name="targetDependents"/>, all that needs it as well.</summary>
    public static StateEdit Delete(Snapshot snapshot, Urn urn, bool targetDependents, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (!snapshot.Resources.Any(state => state.Urn == urn))
            return Refuse(snapshot, StateDiagnostics.EditFindsNothing(urn));

        // States stand after what they refer to, so one pass finds them all.
        var doomed = new HashSet<Urn> { urn };
        foreach (var state in snapshot.Resources)
        {
            if (state.References().Any(doomed.Contains))
                doomed.Add(state.Urn);
        }

        if (doomed.Count > 1 && !targetDependents)
            return Refuse(snapshot, StateDiagnostics.EditHasDependents(urn, [.. doomed.Where(dependent => dependent != urn).Order()]));
        if (!force && snapshot.Resources.FirstOrDefault(state => state.Protect && doomed.Contains(state.Urn)) is { } guarded)
            return Refuse(snapshot, StateDiagnostics.EditProtected(guarded.Urn));

        return new StateEdit(snapshot with { Resources = snapshot.Resources.RemoveAll(state => doomed.Contains(state.Urn)) }, []);
    }

    /// <summary>Protects resources; none named: all.</summary>
    public static StateEdit Protect(Snapshot snapshot, ImmutableArray<Urn> urns) => SetProtect(snapshot, urns, protect: true);

    /// <summary>Lifts the protection of resources; none named: of all.</summary>
    public static StateEdit Unprotect(Snapshot snapshot, ImmutableArray<Urn> urns) => SetProtect(snapshot, urns, protect: false);

    /// <summary>Gives a resource another name; the real thing keeps its own.</summary>
    public static StateEdit RenameResource(Snapshot snapshot, Urn urn, string name)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (string.IsNullOrWhiteSpace(name))
            return Refuse(snapshot, StateDiagnostics.EditNameInvalid(name));
        if (!snapshot.Resources.Any(state => state.Urn == urn))
            return Refuse(snapshot, StateDiagnostics.EditFindsNothing(urn));

        var renamed = urn.WithName(name);
        return snapshot.Resources.Any(state => state.Urn == renamed)
            ? Refuse(snapshot, StateDiagnostics.EditNameTaken(renamed))
            : new StateEdit(UrnRewriting.Apply(snapshot, each => each == urn ? renamed : each), []);
    }

    /// <summary>
    /// Moves resources with all below them to another stack. Providers they need are copied; references that would cross the border are dropped,
    /// each with a warning. Secrets lose their ciphertexts, which only the old stack could open.
    /// </summary>
    public static StateMove Move(Snapshot source, Snapshot target, ImmutableArray<Urn> urns, StackName targetStack)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(targetStack);
        return new StateMoving(source, target, targetStack).Run(urns);
    }

    /// <summary>Drops references to nothing and surplus states, and puts the rest in order; states keep their order where they can.</summary>
    public static StateEdit Repair(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return StateRepair.Run(snapshot);
    }

    private static StateEdit SetProtect(Snapshot snapshot, ImmutableArray<Urn> urns, bool protect)
    {
        var wanted = urns.ToHashSet();
        var known = snapshot.Resources.Select(state => state.Urn).ToHashSet();
        var missing = urns.Where(urn => !known.Contains(urn)).ToImmutableArray();
        if (!missing.IsEmpty)
            return new StateEdit(snapshot, [.. missing.Select(StateDiagnostics.EditFindsNothing)]);

        return new StateEdit(
            snapshot with
            {
                Resources = [.. snapshot.Resources.Select(state =>
                    (urns.IsEmpty || wanted.Contains(state.Urn)) && state.Protect != protect ? state with { Protect = protect } : state)],
            },
            []);
    }

    private static StateEdit Refuse(Snapshot snapshot, Diagnostic diagnostic) => new(snapshot, [diagnostic]);
}
