using Provision.Engine.State;

namespace Provision.Tests.Testing;

/// <summary>A journal kept in memory, that can be told to fail.</summary>
internal sealed class MemoryJournal : IJournalStorage
{
    private readonly List<JournalEntry> _entries = [];

    /// <summary>Thrown instead of storing, from so many entries on.</summary>
    public (int After, Exception Failure)? Failing { get; init; }

    public bool HasFailed { get; private set; }

    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    public Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        lock (_entries)
        {
            if (Failing is { } failing && _entries.Count + entries.Count > failing.After)
            {
                HasFailed = true;
                throw failing.Failure;
            }

            _entries.AddRange(entries);
        }

        return Task.CompletedTask;
    }
}
