namespace Provision.Engine.State;

/// <summary>The journal of a dry run, which changes nothing.</summary>
public sealed class NoJournal : IJournalStorage
{
    /// <summary>It holds nothing, so there is one.</summary>
    public static readonly NoJournal Instance = new();

    private NoJournal()
    {
    }

    /// <exception cref="InvalidOperationException">Always: a dry run has nothing to record.</exception>
    public Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A dry run records nothing.");
}
