using System.Threading.Channels;
using Provision.Engine.State;

namespace Provision.Engine.Execution;

/// <summary>
/// The only writer of a run's state. Entries queue up; one reader stores them in order, many with one flush, and folds them.
/// Uses neither the stop nor the cancel token: what happened must be recorded, above all when somebody is in a hurry.
/// </summary>
internal sealed class JournalWriter : IAsyncDisposable
{
    private readonly IJournalStorage _storage;
    private readonly SnapshotFolder _folder;
    private readonly Channel<Queued> _queue = Channel.CreateUnbounded<Queued>(new UnboundedChannelOptions { SingleReader = true });

    // Begun with the first entry: a dry run has none.
    private readonly Lazy<Task> _reader;

    private Exception? _failure;

    public JournalWriter(Snapshot baseSnapshot, IJournalStorage storage)
    {
        _storage = storage;
        _folder = new SnapshotFolder(baseSnapshot);
        _reader = new Lazy<Task>(() => Task.Run(ReadAsync));
    }

    /// <summary>Why storing failed, if it did. From then on nothing is stored, and nothing new may be begun.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Queues an entry that nobody has to wait for; it is stored before any entry queued later.</summary>
    public void Post(JournalEntry entry) => Queue(new Queued(entry, null));

    /// <summary>Done when the entry survives a power cut.</summary>
    /// <exception cref="Exception">The storage's: disk full, folder gone.</exception>
    public Task AppendAsync(JournalEntry entry)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue(new Queued(entry, stored));
        return stored.Task;
    }

    /// <summary>Waits for all entries and gives the state they lead to. What could not be stored is folded in all the same: it did happen.</summary>
    public async Task<Snapshot> CloseAsync()
    {
        await DisposeAsync();
        return _folder.ToSnapshot();
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_reader.IsValueCreated)
        {
            await _reader.Value;
        }
    }

    private void Queue(Queued queued)
    {
        _ = _reader.Value;
        _queue.Writer.TryWrite(queued);
    }

    private async Task ReadAsync()
    {
        var batch = new List<Queued>();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (_queue.Reader.TryRead(out var queued))
            {
                batch.Add(queued);
            }

            await StoreAsync(batch);
        }
    }

    private async Task StoreAsync(List<Queued> batch)
    {
        if (_failure is null)
        {
            try
            {
                await _storage.AppendAsync([.. batch.Select(queued => queued.Entry)], CancellationToken.None);
            }
#pragma warning disable CA1031 // Whatever it was, everyone who waits for this batch has to hear of it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _failure, failure);
            }
        }

        foreach (var (entry, stored) in batch)
        {
            // A begin that was not stored never happens: nobody calls a provider after it.
            if (_failure is null || entry is not JournalEntry.Begin)
            {
                _folder.Apply(entry);
            }

            if (_failure is null)
            {
                stored?.TrySetResult();
            }
            else
            {
                stored?.TrySetException(_failure);
            }
        }
    }

    private sealed record Queued(JournalEntry Entry, TaskCompletionSource? Stored);
}
