using System.Collections.Immutable;
using Provision.Engine.Diagnostics;

namespace Provision.Engine.State;

/// <summary>
/// One run's hold on a stack, where Pulumi's CLI looks for it and with its protocol: look, write mine, look again; if another appeared
/// meanwhile, take mine back. Ours is a lease: renewed while we live, and taken over when it has run out.
/// </summary>
public sealed class StackLock : IAsyncDisposable
{
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly StackName _stack;
    private readonly TimeProvider _time;
    private readonly StateFiles _files;
    private readonly Lock _renewing = new();
    private LockRecord _record;
    private ITimer? _timer;
    private bool _released;

    private StackLock(StackName stack, LockRecord record, TimeProvider time, StateFiles files, ImmutableArray<Diagnostic> notes)
    {
        (_stack, _record, _time, _files, Notes) = (stack, record, time, files, notes);
        _timer = time.CreateTimer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Stale locks that were taken over.</summary>
    public ImmutableArray<Diagnostic> Notes { get; }

    /// <summary>Takes the lock, waiting for it up to the request's timeout.</summary>
    /// <exception cref="StackLockedException">Another run holds the stack.</exception>
    public static async Task<StackLock> AcquireAsync(
        FileBackend backend, StackName stack, LockRequest request, TimeProvider time, Func<Guid> newId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(newId);
        var began = time.GetTimestamp();
        while (true)
        {
            var (taken, holders) = TryAcquire(backend, stack, request, time, newId());
            if (taken is not null)
                return taken;

            if (time.GetElapsedTime(began) >= request.Timeout)
            {
                var now = time.GetUtcNow();
                throw new StackLockedException(StateDiagnostics.Locked(stack, string.Join(" and ", holders.Select(holder => holder.Describe(now)))), holders);
            }

            await Task.Delay(Retry, time, cancellationToken);
        }
    }

    /// <summary>Removes whatever locks the stack, and says what that was. For a person who knows that no run is left.</summary>
    public static Task<ImmutableArray<LockRecord>> CancelAsync(FileBackend backend, StackName stack, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        cancellationToken.ThrowIfCancellationRequested();
        var held = Held(backend.LockFolder(stack), except: null);
        foreach (var record in held)
            backend.Files.Delete(record.File);
        return Task.FromResult(held);
    }

    /// <exception cref="StackLockLostException">The lock was cancelled or taken over.</exception>
    internal void EnsureHeld()
    {
        if (!_released && !File.Exists(_record.File))
            throw new StackLockLostException(StateDiagnostics.LockLost(_stack));
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is { } timer)
        {
            _timer = null;
            await timer.DisposeAsync();
        }

        lock (_renewing)
        {
            if (_released)
                return;

            _released = true;
            try
            {
                _files.Delete(_record.File);
            }
            catch (StateWriteException)
            {
                // It runs out by itself, and the process that holds it is gone soon: no reason to fail what has succeeded.
            }
        }
    }

    private static (StackLock? Taken, ImmutableArray<LockRecord> Holders) TryAcquire(
        FileBackend backend, StackName stack, LockRequest request, TimeProvider time, Guid id)
    {
        var folder = backend.LockFolder(stack);
        var now = time.GetUtcNow();
        var notes = ImmutableArray.CreateBuilder<Diagnostic>();
        var holders = ImmutableArray.CreateBuilder<LockRecord>();
        foreach (var other in Held(folder, except: null))
        {
            if (other.StaleBecause(request.Holder, now) is { } because)
            {
                backend.Files.Delete(other.File);
                notes.Add(StateDiagnostics.LockTakenOver(stack, other.Describe(now), because));
            }
            else
            {
                holders.Add(other);
            }
        }

        if (holders.Count > 0)
            return (null, holders.ToImmutable());

        var mine = new LockRecord
        {
            File = Path.Combine(folder, $"{id}.json"),
            Pid = request.Holder.Pid,
            UserName = request.Holder.UserName,
            HostName = request.Holder.HostName,
            Since = now,
            Operation = request.Operation,
            Heartbeat = now,
            Lease = Lease,
        };
        Publish(backend, mine, id);
        var rivals = Held(folder, except: mine.File);
        if (!rivals.IsEmpty)
        {
            backend.Files.Delete(mine.File);
            return (null, rivals);
        }

        return (new StackLock(stack, mine, time, backend.Files, notes.ToImmutable()), []);
    }

    /// <summary>Complete from the first moment, and written outside the folder, where every file is taken for a lock.</summary>
    private static void Publish(FileBackend backend, LockRecord record, Guid id)
    {
        var folder = Path.GetDirectoryName(record.File) ?? "";
        backend.Files.EnsureFolder(folder);
        var beside = Path.Combine(backend.LocksRoot, $".{id}.tmp");
        backend.Files.Change("lock", record.File, () =>
        {
            using (var stream = new FileStream(beside, StateFiles.Creation(FileMode.Create)))
                stream.Write(record.ToJson());
            File.Move(beside, record.File, overwrite: true);
        });
    }

    private static ImmutableArray<LockRecord> Held(string folder, string? except)
    {
        var held = ImmutableArray.CreateBuilder<LockRecord>();
        foreach (var file in StateFiles.List(folder, "*"))
        {
            // The .attrs files are the pulumi file driver's.
            if (file == except || file.EndsWith(".attrs", StringComparison.Ordinal))
                continue;
            if (LockRecord.Read(file) is { } record)
                held.Add(record);
        }

        return held.ToImmutable();
    }

    private void Renew()
    {
        lock (_renewing)
        {
            if (_released)
                return;

            _record = _record with { Heartbeat = _time.GetUtcNow() };
            try
            {
                // In place, and only where it still is: a lock that was cancelled must not come back.
                using var stream = new FileStream(_record.File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                stream.Write(_record.ToJson());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Lost, or the disk is in trouble: EnsureHeld and the next write tell.
            }
        }
    }
}

/// <summary>What a lock is taken for, by whom, and how long to wait for it.</summary>
public sealed record LockRequest(string Operation, LockHolder Holder, TimeSpan Timeout = default);
