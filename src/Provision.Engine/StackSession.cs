using System.Collections.Immutable;
using System.Security.Cryptography;
using Provision.Engine.Diagnostics;
using Provision.Engine.State;

namespace Provision.Engine;

/// <summary>
/// One command's hold on a stack: its lock, its state with whatever an interrupted run left folded in, its journal and its secrets.
/// Start here to see how state survives a crash.
/// </summary>
/// <remarks>
/// A commit goes so, and a process may die between any two of these: (1) the new checkpoint is staged beside the old; (2) the old is copied to
/// <c>.bak</c>; (3) the journal notes the hash of the staged one; (4) it takes its place; (5) history and backup are written; (6) the
/// journal goes. Before (3) the journal follows the old checkpoint and is folded by the next run; after it, the next run does (4) to (6).
/// </remarks>
public sealed class StackSession : IAsyncDisposable
{
    private const int ReadAttempts = 5;

    private readonly FileBackend _backend;
    private readonly SessionRequest _request;
    private readonly ISecretsSource _source;
    private readonly TimeProvider _time;
    private readonly Func<Guid> _newId;
    private readonly StackLock? _lock;
    private Checkpoint _checkpoint = new();
    private string _baseHash = "";
    private JournalFile? _journal;

    private StackSession(
        FileBackend backend, StackName stack, SessionRequest request, ISecretsSource source, TimeProvider time, Func<Guid> newId, StackLock? held)
    {
        (_backend, Stack, _request, _source, _time, _newId, _lock) = (backend, stack, request, source, time, newId, held);
        Secrets = source.ForWriting(null);
        RecoveryNotes = held?.Notes ?? [];
    }

    public StackName Stack { get; private set; }

    /// <summary>All states as last recorded, an interrupted run's included; its open ends are pending operations.</summary>
    public Snapshot Snapshot => _checkpoint.Snapshot;

    /// <summary>What was found and put right on opening: stale locks, interrupted runs.</summary>
    public ImmutableArray<Diagnostic> RecoveryNotes { get; private set; }

    /// <summary>Encrypts and decrypts the stack's secrets.</summary>
    public ISecretsProvider Secrets { get; private set; }

    /// <summary>Takes the entries of an operation. Nothing lies on disk before the first.</summary>
    /// <exception cref="InvalidOperationException">The session only reads.</exception>
    public IJournalStorage Journal => _journal ?? throw new InvalidOperationException("A session that only reads has no journal.");

    /// <summary>Opens a stack.</summary>
    /// <exception cref="StackLockedException">Another run holds it.</exception>
    /// <exception cref="StackNotFoundException">There is none, and the request makes none.</exception>
    /// <exception cref="StateException">Its state cannot be read, or must not be gone on with.</exception>
    public static async Task<StackSession> OpenAsync(
        FileBackend backend,
        StackName stack,
        SessionRequest request,
        ISecretsSource secrets,
        TimeProvider time,
        Func<Guid> newId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(secrets);
        if (!request.Create && !backend.Exists(stack))
            throw new StackNotFoundException(StateDiagnostics.StackMissing(stack, backend.Url));

        var held = request.Write
            ? await StackLock.AcquireAsync(
                backend, stack, new LockRequest(request.Operation, request.Holder, request.LockTimeout), time, newId, cancellationToken)
            : null;
        var session = new StackSession(backend, stack, request, secrets, time, newId, held);
        try
        {
            session.Load();
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the snapshot the stack's state, with its entry in the history.</summary>
    /// <exception cref="StateWriteException">It could not be written: the old state and the journal are as they were.</exception>
    /// <exception cref="SnapshotIntegrityException">It was written, and contradicts itself: a bug of whoever made it.</exception>
    public Task CommitAsync(Snapshot after, UpdateRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        // Not with the token: from here on stopping half-way helps nobody.
        return Task.Run(
            () =>
            {
                Commit(_checkpoint with { Snapshot = SecretValues.KeepCiphertexts(Snapshot, after) }, record, _backend.NextStamp(Stack, _time.GetUtcNow()));
                Check(Snapshot);
            },
            CancellationToken.None);
    }

    /// <summary>Puts an exported deployment in the place of the state. Where the answer has errors, nothing was written.</summary>
    public async Task<ImmutableArray<Diagnostic>> ImportAsync(
        ReadOnlyMemory<byte> export, string where, bool force, UpdateRecord record, CancellationToken cancellationToken)
    {
        var imported = CheckpointReader.ReadExport(export.Span, where, _source);
        var (snapshot, diagnostics) = StackImport.Prepare(imported, Stack, force);
        if (diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error))
            return diagnostics;

        _checkpoint = _checkpoint with { HasMetadata = true };
        await CommitAsync(imported.Secrets is null || imported.Secrets == Secrets.State ? snapshot : SecretValues.Detach(snapshot), record, cancellationToken);
        return diagnostics;
    }

    /// <summary>Writes the state as <c>stack export</c> does.</summary>
    public void Export(Stream output, bool showSecrets) => CheckpointJson.WriteExport(output, _checkpoint, Secrets, showSecrets);

    /// <summary>Gives the stack another name, in its files and in every URN. Its lock is on the old one: afterwards the session only reads.</summary>
    /// <exception cref="StackExistsException">There is a stack of that name.</exception>
    public async Task RenameAsync(StackName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var held = _lock ?? throw new InvalidOperationException("A session that only reads renames nothing.");
        await using var target = await StackLock.AcquireAsync(
            _backend, name, new LockRequest("rename", _request.Holder, _request.LockTimeout), _time, _newId, cancellationToken);
        if (_backend.Exists(name))
            throw new StackExistsException(StateDiagnostics.StackThere(name, _backend.Url));

        held.EnsureHeld();
        var renamed = Signed(_checkpoint with { Stack = name.FullName, Snapshot = UrnRewriting.MoveStack(Snapshot, Stack, name) });
        _baseHash = _backend.Stage(name, renamed, Secrets);
        _backend.Promote(name);
        _backend.MoveBelongings(Stack, name);
        (_checkpoint, Stack) = (renamed, name);
        _journal?.Dispose();
        _journal = null;
    }

    public async ValueTask DisposeAsync()
    {
        _journal?.Dispose();
        if (_lock is not null)
            await _lock.DisposeAsync();
    }

    private void Load()
    {
        if (_request.Write && !_backend.Exists(Stack))
            _backend.WriteEmpty(Stack);

        for (var attempt = 1; ; attempt++)
        {
            // The journal first: a run that ends meanwhile then shows as a journal of another checkpoint, and we look again.
            var journal = JournalFile.Read(_backend.JournalPath(Stack), _backend.BackupPath(Stack), _source);
            var hash = ReadCheckpoint();
            if (journal?.Header is not { } header)
            {
                Adopt(journal?.Secrets);
                Forget(journal);
                return;
            }

            if (journal.Commits.FirstOrDefault(commit => commit.ResultHash == hash) is { } done)
            {
                Adopt(null);
                Finish(done, header);
                return;
            }

            if (header.BaseHash == hash)
            {
                Recover(journal, header);
                return;
            }

            // Whoever only reads may have come between two steps of a run that is about to end.
            if (_request.Write || attempt == ReadAttempts)
            {
                throw new JournalException(StateDiagnostics.JournalOfAnotherCheckpoint(
                    _backend.JournalPath(Stack), _backend.CheckpointPath(Stack), header.Operation));
            }
        }
    }

    private string ReadCheckpoint()
    {
        if (_backend.ReadCheckpoint(Stack) is not { } read)
        {
            // A reading session of a stack that is still to be made.
            _checkpoint = new Checkpoint { Stack = Stack.FullName };
            return _baseHash = "";
        }

        _checkpoint = CheckpointJson.Read(read.Content, read.Path, _source) with { Stack = Stack.FullName };
        return _baseHash = Convert.ToHexStringLower(SHA256.HashData(read.Content));
    }

    /// <summary>The state is whole: check it, and choose what its secrets are written with.</summary>
    private void Adopt(SecretsProviderState? journalSecrets)
    {
        var recorded = _checkpoint.Secrets ?? journalSecrets;
        Secrets = _source.ForWriting(recorded);
        // Ciphertexts of another salt (the configuration's was changed) cannot be kept.
        if (_request.Write && (IsOther(_checkpoint.Secrets) || IsOther(journalSecrets)))
            _checkpoint = _checkpoint with { Snapshot = SecretValues.Detach(Snapshot) };
        if (!_request.SkipChecks)
            Check(Snapshot);
        if (_request.Write)
            _journal = NewJournal();

        bool IsOther(SecretsProviderState? state) => state is not null && state != Secrets.State;
    }

    private void Forget(JournalContent? journal)
    {
        if (journal is not null && _request.Write)
            _backend.Files.Delete(_backend.JournalPath(Stack));
    }

    /// <summary>Steps 5 and 6 of a commit whose process died after step 4.</summary>
    private void Finish(JournalCommit done, JournalHeader header)
    {
        if (!_request.Write)
            return;

        _backend.Record(Stack, done.Stamp, done.Record);
        _backend.Files.Delete(_backend.JournalPath(Stack));
        RecoveryNotes = RecoveryNotes.Add(StateDiagnostics.RecordsCompleted(header.Operation));
    }

    /// <summary>The journal follows the checkpoint: a run was interrupted (or, for whoever only reads, is under way).</summary>
    private void Recover(JournalContent journal, JournalHeader header)
    {
        if (_request.Write && RollForward(journal, header))
            return;

        if (journal.Entries.IsEmpty)
        {
            Adopt(null);
            Forget(journal);
            return;
        }

        _checkpoint = _checkpoint with { IsDeployed = true, Snapshot = SnapshotFold.Fold(Snapshot, journal.Entries) };
        var pending = Snapshot.PendingOperations.Length;
        RecoveryNotes = RecoveryNotes.Add(StateDiagnostics.Recovered(header.Operation, header.Begun, journal.Entries.Length, pending));
        if (journal.TornBytes > 0)
            RecoveryNotes = RecoveryNotes.Add(StateDiagnostics.TornTail(_backend.JournalPath(Stack), journal.TornBytes));
        Adopt(journal.Secrets);
        if (!_request.Write || _lock is not { } held)
            return;

        _journal?.Dispose();
        _journal = JournalFile.Continue(_backend.Files, _backend.JournalPath(Stack), journal, header, Secrets, held.EnsureHeld);
        var now = _time.GetUtcNow();
        var interrupted = new UpdateRecord
        {
            Kind = header.Operation is "up" ? "update" : header.Operation,
            StartTime = header.Begun,
            EndTime = now,
            Message = "interrupted",
            Result = "failed",
        };
        Commit(_checkpoint, interrupted, _backend.NextStamp(Stack, now));
    }

    /// <summary>The process died between steps 3 and 4: the staged checkpoint is the one the journal speaks of.</summary>
    private bool RollForward(JournalContent journal, JournalHeader header)
    {
        if (journal.Commits.IsEmpty
            || StateFiles.Read(StateFiles.Beside(_backend.CheckpointPath(Stack))) is not { } staged
            || Convert.ToHexStringLower(SHA256.HashData(staged)) is not { } hash
            || journal.Commits.LastOrDefault(commit => commit.ResultHash == hash) is not { } commit)
        {
            return false;
        }

        _backend.Promote(Stack);
        ReadCheckpoint();
        Adopt(null);
        Finish(commit, header);
        return true;
    }

    private void Commit(Checkpoint checkpoint, UpdateRecord record, long stamp)
    {
        if (_journal is not { } journal || _lock is not { } held)
            throw new InvalidOperationException("A session that only reads commits nothing.");

        held.EnsureHeld();
        _backend.EnsureLayout();
        var signed = Signed(checkpoint);
        var hash = _backend.Stage(Stack, signed, Secrets); // 1
        _backend.Backup(Stack); // 2
        journal.MarkCommitted(new JournalCommit(hash, stamp, record)); // 3
        _backend.Promote(Stack); // 4
        _backend.Record(Stack, stamp, record); // 5
        journal.Remove(); // 6
        (_checkpoint, _baseHash) = (signed with { Secrets = Secrets.State ?? signed.Secrets }, hash);
        _journal = NewJournal();
    }

    private Checkpoint Signed(Checkpoint checkpoint) => checkpoint with
    {
        IsDeployed = true,
        Manifest = checkpoint.Manifest with { Time = Rfc3339.Format(_time.GetLocalNow()), Version = _request.ToolVersion },
    };

    private JournalFile NewJournal()
    {
        _journal?.Dispose();
        var header = new JournalHeader(_baseHash, _request.Operation, _time.GetUtcNow(), _request.ToolVersion);
        return new JournalFile(_backend.Files, _backend.JournalPath(Stack), header, Secrets, () => _lock?.EnsureHeld());
    }

    private void Check(Snapshot snapshot)
    {
        var violations = SnapshotChecks.Run(snapshot);
        if (!violations.IsEmpty)
        {
            throw new SnapshotIntegrityException(
                StateDiagnostics.IntegrityBroken(_backend.CheckpointPath(Stack), _backend.BackupPath(Stack), violations.Length, violations[0]), violations);
        }
    }
}
