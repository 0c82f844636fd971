namespace Provision.Engine.State;

/// <summary>Folds journal entries over a snapshot: pure, linear, and the only definition of what an entry means.</summary>
public static class SnapshotFold
{
    /// <summary>The snapshot after the entries. Operations begun and not ended are pending in it, beside those that were pending before.</summary>
    public static Snapshot Fold(Snapshot baseSnapshot, IEnumerable<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var folder = new SnapshotFolder(baseSnapshot);
        foreach (var entry in entries)
        {
            folder.Apply(entry);
        }

        return folder.ToSnapshot();
    }
}
