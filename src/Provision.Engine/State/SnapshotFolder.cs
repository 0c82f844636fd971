using System.Collections.Immutable;
using System.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>The fold in the making: each entry costs O(1), the snapshot is put in order once at the end.</summary>
internal sealed class SnapshotFolder
{
    private readonly Snapshot _base;
    private readonly Dictionary<Urn, Placed> _live = [];
    private readonly Dictionary<Urn, List<Placed>> _deleted = [];
    private readonly Dictionary<long, Begun> _begun = [];
    private readonly List<PendingOperation> _carried;
    private readonly Dictionary<Urn, Urn> _renamed = [];
    private readonly HashSet<Urn> _removed = [];
    private long _nextPlace;

    public SnapshotFolder(Snapshot baseSnapshot)
    {
        _base = baseSnapshot;
        _carried = [.. baseSnapshot.PendingOperations];
        foreach (var state in baseSnapshot.Resources)
        {
            if (state.Delete)
            {
                AddDeleted(new Placed(state, _nextPlace++));
            }
            else
            {
                _live[state.Urn] = new Placed(state, _nextPlace++);
            }
        }
    }

    private sealed record Placed(ResourceState State, long Place);

    private sealed record Begun(long Id, PendingOperation Operation);

    public void Apply(JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.Begin begin:
                _begun[begin.OperationId] = new Begun(begin.OperationId, new PendingOperation(begin.Resource, begin.Kind));
                break;
            case JournalEntry.End end:
                _begun.Remove(end.OperationId);
                Apply(end.Changes);
                break;
            case JournalEntry.Recorded recorded:
                Apply(recorded.Changes);
                break;
            case JournalEntry.PendingSettled settled:
                _carried.RemoveAll(operation => operation.Resource.Urn == settled.Urn);
                Apply(settled.Changes);
                break;
            default:
                throw new UnreachableException();
        }
    }

    public Snapshot ToSnapshot()
    {
        var states = _live.Values.Concat(_deleted.Values.SelectMany(placed => placed)).OrderBy(placed => placed.Place).Select(placed => Mend(placed.State));
        return _base with
        {
            Resources = SnapshotOrder.DependenciesFirst([.. states]),
            PendingOperations = [.. _carried, .. _begun.Values.OrderBy(begun => begun.Id).Select(begun => begun.Operation)],
        };
    }

    private void Apply(ImmutableArray<StateChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case StateChange.Put put:
                    Put(put);
                    break;
                case StateChange.MarkDelete mark:
                    if (_live.Remove(mark.Urn, out var replaced))
                    {
                        AddDeleted(replaced with { State = replaced.State with { Delete = true, PendingReplacement = false } });
                    }

                    break;
                case StateChange.MarkPendingReplacement mark:
                    if (_live.TryGetValue(mark.Urn, out var waiting))
                    {
                        _live[mark.Urn] = waiting with { State = waiting.State with { PendingReplacement = true } };
                    }

                    break;
                case StateChange.Remove remove:
                    Remove(remove);
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    private void AddDeleted(Placed placed)
    {
        if (!_deleted.TryGetValue(placed.State.Urn, out var marked))
        {
            _deleted[placed.State.Urn] = marked = [];
        }

        marked.Add(placed);
    }

    private void Put(StateChange.Put put)
    {
        var place = _live.TryGetValue(put.State.Urn, out var before) ? before.Place : _nextPlace++;
        if (put.Was is { } was && was != put.State.Urn)
        {
            if (_live.Remove(was, out var renamed))
            {
                place = renamed.Place;
            }

            _renamed[was] = put.State.Urn;
        }

        _live[put.State.Urn] = new Placed(put.State, place);
        _removed.Remove(put.State.Urn);
    }

    private void Remove(StateChange.Remove remove)
    {
        if (remove.MarkedDelete)
        {
            if (_deleted.TryGetValue(remove.Urn, out var marked))
            {
                marked.RemoveAll(placed => placed.State.Id == remove.Id);
            }
        }
        else if (_live.Remove(remove.Urn))
        {
            _removed.Add(remove.Urn);
        }
    }

    /// <summary>References follow a rename; those to a removed resource are dropped, for a state may only refer to what is there.</summary>
    private ResourceState Mend(ResourceState state)
    {
        if (_renamed.Count == 0 && _removed.Count == 0)
        {
            return state;
        }

        return state.References().Any(urn => _renamed.ContainsKey(urn) || _removed.Contains(urn))
            ? state with
            {
                Parent = Mend(state.Parent),
                Provider = state.Provider is { } provider && _renamed.TryGetValue(provider.Urn, out var urn) ? provider with { Urn = urn } : state.Provider,
                Dependencies = Mend(state.Dependencies),
                PropertyDependencies =
                [
                    .. state.PropertyDependencies.Select(dependency => dependency with { Urns = Mend(dependency.Urns) }).Where(dependency => !dependency.Urns.IsEmpty),
                ],
                DeletedWith = Mend(state.DeletedWith),
                ReplaceWith = Mend(state.ReplaceWith),
            }
            : state;
    }

    private Urn? Mend(Urn? reference) =>
        reference is not { } urn ? null : _renamed.TryGetValue(urn, out var renamed) ? renamed : _removed.Contains(urn) ? null : urn;

    private ImmutableArray<Urn> Mend(ImmutableArray<Urn> references) =>
        [.. references.Select(urn => Mend((Urn?)urn)).OfType<Urn>().Distinct().Order()];
}
