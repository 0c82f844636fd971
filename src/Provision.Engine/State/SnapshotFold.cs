using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Folds journal entries over a snapshot: what was completed in its order, then what was there before, in its order.</summary>
public static class SnapshotFold
{
    public static Snapshot Fold(Snapshot baseSnapshot, IEnumerable<JournalEntry> entries)
    {
        var old = baseSnapshot.Resources.ToList();
        List<ResourceState> done = [];
        var pending = new Dictionary<long, PendingOperation>();
        var carried = baseSnapshot.PendingOperations;
        foreach (var entry in entries)
        {
            switch (entry)
            {
                case JournalEntry.Begin begin:
                    pending[begin.OperationId] = new PendingOperation(begin.Resource, begin.Kind);
                    break;
                case JournalEntry.End end:
                    pending.Remove(end.OperationId);
                    Apply(end.Changes);
                    break;
                case JournalEntry.Recorded recorded:
                    Apply(recorded.Changes);
                    break;
                case JournalEntry.PendingSettled settled:
                    carried = carried.RemoveAll(operation => operation.Resource.Urn == settled.Urn);
                    Apply(settled.Changes);
                    break;
            }
        }

        return baseSnapshot with { Resources = [.. done, .. old], PendingOperations = [.. carried, .. pending.Values] };

        void Apply(ImmutableArray<StateChange> changes)
        {
            foreach (var change in changes)
            {
                switch (change)
                {
                    case StateChange.Put put:
                        RemoveAll(state => state.Urn == (put.Was ?? put.State.Urn) && !state.Delete);
                        done.Add(put.State);
                        break;
                    case StateChange.MarkDelete mark:
                        Change(mark.Urn, state => state with { Delete = true });
                        break;
                    case StateChange.MarkPendingReplacement mark:
                        Change(mark.Urn, state => state with { PendingReplacement = true });
                        break;
                    case StateChange.Remove remove:
                        RemoveAll(state => state.Urn == remove.Urn && state.Id == remove.Id && state.Delete == remove.MarkedDelete);
                        break;
                }
            }
        }

        void RemoveAll(Predicate<ResourceState> which)
        {
            old.RemoveAll(which);
            done.RemoveAll(which);
        }

        void Change(Urn urn, Func<ResourceState, ResourceState> change)
        {
            foreach (var list in new[] { old, done })
            {
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i].Urn == urn && !list[i].Delete)
                        list[i] = change(list[i]);
                }
            }
        }
    }
}
