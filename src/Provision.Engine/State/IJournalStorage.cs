namespace Provision.Engine.State;

/// <summary>Where journal entries are kept while an operation runs. Called by the journal writer alone, one call at a time.</summary>
public interface IJournalStorage
{
    /// <summary>Stores the entries, in order; when it returns they survive a power cut.</summary>
    Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken);
}
