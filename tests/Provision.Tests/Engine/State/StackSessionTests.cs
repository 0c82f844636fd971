using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provision.Engine;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class StackSessionTests : IDisposable
{
    private static readonly Snapshot First = States.Of(States.Container("a"));
    private static readonly Snapshot Second = First with { Resources = [.. First.Resources, States.Container("b", "a")] };

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly TestSecrets _secrets = new();
    private int _ids;

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private UpdateRecord Record(string kind = "update") =>
        new() { Kind = kind, StartTime = _time.GetUtcNow(), EndTime = _time.GetUtcNow(), Result = "succeeded", Message = kind };

    [Fact]
    public async Task A_new_stack_is_made_empty_and_a_commit_writes_everything_pulumi_would()
    {
        await using (var session = await OpenAsync())
        {
            Assert.Empty(session.Snapshot.Resources);
            Assert.Equal("""{"version":0,"checkpoint":{"stack":"organization/lab/dev"}}""", Content("stacks", "lab", "dev.json"));
            await session.CommitAsync(First, Record(), Token);
        }

        Assert.Equal(
            [
                "backups/lab/dev/dev.1767323045000000000.json",
                "history/lab/dev/dev-1767323045000000000.checkpoint.json",
                "history/lab/dev/dev-1767323045000000000.history.json",
                "meta.yaml",
                "stacks/lab/dev.json",
                "stacks/lab/dev.json.bak",
            ],
            Files());
        Assert.Equal("version: 1\n", Content("meta.yaml"));
        Assert.All(Files(), file => Assert.Equal("600", Modes.Of(_folder[".pulumi", file])));
        Assert.All(Directory.GetDirectories(_folder.Path, "*", SearchOption.AllDirectories), folder => Assert.Equal("700", Modes.Of(folder)));
        Assert.Equal(Content("stacks", "lab", "dev.json"), Content("backups", "lab", "dev", "dev.1767323045000000000.json"));
        Assert.StartsWith(
            """{"version":3,"checkpoint":{"stack":"organization/lab/dev","latest":{"manifest":{"time":"2026-01-02T03:04:05Z","magic":""",
            Content("stacks", "lab", "dev.json"),
            StringComparison.Ordinal);
        var record = Assert.Single(await Backend().HistoryAsync(States.Stack, Token));
        Assert.Equal(CanonicalJsonWriter.ToText(Record().Write), CanonicalJsonWriter.ToText(record.Write));
        Assert.Equal(States.Text(First), States.Text(await ReadAsync()));
    }

    [Fact]
    public async Task The_second_commit_keeps_the_first_as_backup()
    {
        await CommitFirstAsync();
        var before = Content("stacks", "lab", "dev.json");
        await using var session = await OpenAsync();
        await session.CommitAsync(Second, Record(), Token);

        Assert.Equal(before, Content("stacks", "lab", "dev.json.bak"));
    }

    [Fact]
    public async Task An_unfinished_run_is_seen_by_readers_and_folded_by_the_next_writer()
    {
        await CommitFirstAsync();
        await using (var session = await OpenAsync())
            await JournalAsync(session);
        var untouched = Content("stacks", "lab", "dev.json");

        await using (var reader = await OpenAsync(write: false))
        {
            Assert.Equal(["a", "b", "default", "lab-dev"], States.Names(reader.Snapshot).Order(StringComparer.Ordinal));
            Assert.Equal("PROV1230", Assert.Single(reader.RecoveryNotes).Code);
            Assert.Equal(untouched, Content("stacks", "lab", "dev.json"));
        }

        await using (var writer = await OpenAsync())
        {
            Assert.Equal(["a", "b", "default", "lab-dev"], States.Names(writer.Snapshot).Order(StringComparer.Ordinal));
            Assert.Equal(PendingKind.Creating, Assert.Single(writer.Snapshot.PendingOperations).Kind);
            Assert.Contains("1 operation was still in flight", Assert.Single(writer.RecoveryNotes).Detail, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Backend().JournalPath(States.Stack)));
        await using var after = await OpenAsync(write: false);
        Assert.Empty(after.RecoveryNotes);
        Assert.Equal("c", Assert.Single(after.Snapshot.PendingOperations).Resource.Urn.Name);
        Assert.Equal(["update", "interrupted"], (await Backend().HistoryAsync(States.Stack, Token)).Select(record => record.Message));
    }

    [Fact]
    public async Task A_process_that_dies_before_any_step_of_a_commit_loses_nothing()
    {
        // Count the steps of one run that lives, then let one die before each.
        List<string> steps = [];
        await CommitFirstAsync();
        var before = Save();
        Restore(before);
        await RunAsync(new StateFiles { BeforeStep = steps.Add });
        var expected = States.Text(await ReadAsync());
        Assert.Contains("put in place dev.json", steps);

        var outcomes = new HashSet<string>();
        for (var alive = 0; alive < steps.Count; alive++)
        {
            Restore(before);
            var left = alive;
            // Once dead, always dead: no clean-up runs either.
            var files = new StateFiles { BeforeStep = step => _ = left-- > 0 ? step : throw new ProcessDiedException(step) };
            await Assert.ThrowsAsync<ProcessDiedException>(() => RunAsync(files));
            await StackLock.CancelAsync(Backend(), States.Stack, Token);

            await using (var recovering = await OpenAsync())
            {
                // Before the first entry was stored there is nothing to lose; from then on every entry counts.
                var b = recovering.Snapshot.Resources.Any(state => state.Urn.Name == "b");
                var pending = recovering.Snapshot.PendingOperations.Length;
                outcomes.Add($"{b}/{pending}");
                Assert.Contains($"{b}/{pending}", (string[])["False/0", "True/1"]);
                Assert.Equal(steps.Take(alive).Any(step => step.StartsWith("append to", StringComparison.Ordinal)), b);
            }

            Assert.False(File.Exists(Backend().JournalPath(States.Stack)));
            var history = await Backend().HistoryAsync(States.Stack, Token);
            Assert.Equal(steps.Take(alive).Any(step => step.StartsWith("append to", StringComparison.Ordinal)) ? 2 : 1, history.Length);
            Assert.DoesNotContain(Files(), file => file.EndsWith(".journal", StringComparison.Ordinal));
            if (outcomes.Contains("True/1") && (await ReadAsync()).PendingOperations.Length > 0)
                Assert.Equal(expected, States.Text(await ReadAsync()));
        }

        Assert.Equal(["False/0", "True/1"], outcomes.Order());

        async Task RunAsync(StateFiles files)
        {
            await using var session = await OpenAsync(files: files);
            await JournalAsync(session);
            await session.CommitAsync(Fold(session.Snapshot), Record(), Token);
        }
    }

    [Fact]
    public async Task A_process_that_dies_during_recovery_is_recovered_from()
    {
        await CommitFirstAsync();
        await using (var session = await OpenAsync())
            await JournalAsync(session);
        var before = Save();
        List<string> steps = [];
        Restore(before);
        await (await OpenAsync(files: new StateFiles { BeforeStep = steps.Add })).DisposeAsync();
        var expected = States.Text(await ReadAsync());

        for (var alive = 0; alive < steps.Count - 1; alive++)
        {
            Restore(before);
            var left = alive;
            var files = new StateFiles { BeforeStep = step => _ = left-- > 0 ? step : throw new ProcessDiedException(step) };
            await Assert.ThrowsAsync<ProcessDiedException>(() => OpenAsync(files: files));
            await StackLock.CancelAsync(Backend(), States.Stack, Token);

            await (await OpenAsync()).DisposeAsync();

            Assert.Equal(expected, States.Text(await ReadAsync()));
            Assert.Equal(2, (await Backend().HistoryAsync(States.Stack, Token)).Length);
        }
    }

    [Fact]
    public async Task A_journal_of_another_checkpoint_is_refused_and_kept()
    {
        await CommitFirstAsync();
        await using (var session = await OpenAsync())
            await JournalAsync(session);
        var path = Backend().CheckpointPath(States.Stack);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Token)).Replace("id-a", "id-x", StringComparison.Ordinal), Token);

        var error = await Assert.ThrowsAsync<JournalException>(() => OpenAsync());
        Assert.Equal("PROV1234", error.Diagnostic.Code);
        await Assert.ThrowsAsync<JournalException>(() => OpenAsync(write: false));

        Assert.True(File.Exists(Backend().JournalPath(States.Stack)));
        Assert.Empty(Directory.GetFiles(Backend().LockFolder(States.Stack)));
    }

    [Fact]
    public async Task A_state_that_contradicts_itself_is_refused_naming_the_backup_and_opened_for_repair()
    {
        await CommitFirstAsync();
        var path = Backend().CheckpointPath(States.Stack);
        var text = await File.ReadAllTextAsync(path, Token);
        await File.WriteAllTextAsync(path, text.Replace("\"id\":\"p1\"", "\"id\":\"p2\"", StringComparison.Ordinal), Token);

        var error = await Assert.ThrowsAsync<SnapshotIntegrityException>(() => OpenAsync());
        Assert.Contains("dev.json.bak", error.Remedy, StringComparison.Ordinal);
        Assert.Equal("PROV1204", Assert.Single(error.Violations).Code);

        await using (var session = await OpenAsync(skipChecks: true))
            await session.CommitAsync(StateEdits.Repair(session.Snapshot).Snapshot, Record(), Token);
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_refused_and_the_lock_given_back()
    {
        await CommitFirstAsync();
        await File.WriteAllTextAsync(Backend().CheckpointPath(States.Stack), "{\"version\":3,\"chec", Token);

        await Assert.ThrowsAsync<CheckpointFormatException>(() => OpenAsync());
        Assert.Empty(Directory.GetFiles(Backend().LockFolder(States.Stack)));
    }

    [Fact]
    public async Task Two_writers_at_once_are_one_and_an_error_and_a_reader_does_not_mind()
    {
        await using var first = await OpenAsync();

        await Assert.ThrowsAsync<StackLockedException>(() => OpenAsync());
        await using var reader = await OpenAsync(write: false);
        Assert.Throws<InvalidOperationException>(() => reader.Journal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.CommitAsync(First, Record(), Token));
    }

    [Fact]
    public async Task A_run_whose_lock_was_cancelled_writes_nothing_more()
    {
        await CommitFirstAsync();
        await using var session = await OpenAsync();
        await StackLock.CancelAsync(Backend(), States.Stack, Token);

        await Assert.ThrowsAsync<StackLockLostException>(() => JournalAsync(session));
        await Assert.ThrowsAsync<StackLockLostException>(() => session.CommitAsync(Second, Record(), Token));
        Assert.Equal(States.Text(First), States.Text(await ReadAsync()));
    }

    [Fact]
    public async Task A_commit_that_cannot_be_written_leaves_everything_as_it_was()
    {
        await CommitFirstAsync();
        // A folder stands where the staged checkpoint belongs: not even root can write there.
        Directory.CreateDirectory(StateFiles.Beside(Backend().CheckpointPath(States.Stack)));
        await using var session = await OpenAsync();
        await JournalAsync(session);

        var error = await Assert.ThrowsAsync<StateWriteException>(() => session.CommitAsync(Second, Record(), Token));

        Assert.NotNull(error.Remedy);
        Directory.Delete(StateFiles.Beside(Backend().CheckpointPath(States.Stack)));
        await using var reader = await OpenAsync(write: false);
        Assert.Equal(["a", "b", "default", "lab-dev"], States.Names(reader.Snapshot).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Unchanged_secrets_keep_their_ciphertext_even_when_made_anew()
    {
        Snapshot With(string secret) => States.Of(States.Container("a") with { Inputs = PropertyMap.Of(("key", new PropertyValue.Secret(secret))) });
        await CommitAsync(With("hush"));
        var text = Content("stacks", "lab", "dev.json");

        await CommitAsync(With("hush"));
        Assert.Equal(text, Content("stacks", "lab", "dev.json"));

        await CommitAsync(With("other"));
        Assert.NotEqual(text, Content("stacks", "lab", "dev.json"));
    }

    [Fact]
    public async Task A_changed_salt_has_every_secret_encrypted_anew()
    {
        var source = new PassphraseSource(new PassphraseEnvironment("p", null, _folder["config"]));
        var snapshot = States.Of(States.Container("a") with { Inputs = PropertyMap.Of(("key", new PropertyValue.Secret("hush"))) });
        await using (var session = await OpenAsync(secrets: new PassphraseStackSecrets(source, null)))
            await session.CommitAsync(snapshot, Record(), Token);
        var fresh = new PassphraseSecrets(source, null);
        fresh.Encrypt("");

        await using (var session = await OpenAsync(secrets: new PassphraseStackSecrets(source, fresh.EncryptionSalt)))
            await session.CommitAsync(session.Snapshot, Record(), Token);

        await using var reader = await OpenAsync(write: false, secrets: new PassphraseStackSecrets(source, null));
        Assert.Equal(fresh.EncryptionSalt, reader.Secrets.State?.Salt);
        Assert.Equal("hush", Assert.IsType<PropertyValue.Secret>(reader.Snapshot.Resources[2].Inputs["key"]).Reveal());
    }

    [Fact]
    public async Task What_pulumi_wrote_survives_a_commit_but_for_the_manifest()
    {
        var text = """{"version":3,"checkpoint":{"stack":"organization/lab/dev","latest":{"manifest":{"time":"2020-01-01T00:00:00Z","magic":"MAGIC","version":"v3.1.0","plugins":[]},"resources":[{"urn":"ROOT","custom":false,"type":"pulumi:pulumi:Stack","zz":1}],"metadata":{},"zz":{"a":1}},"y":2},"x":3}"""
            .Replace("MAGIC", CheckpointJson.Magic("v3.1.0"), StringComparison.Ordinal)
            .Replace("ROOT", States.RootUrn.ToString(), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder[".pulumi", "stacks", "lab"]);
        await File.WriteAllTextAsync(Backend().CheckpointPath(States.Stack), text, Token);
        _secrets.State = null;

        await using (var session = await OpenAsync())
            await session.CommitAsync(session.Snapshot, Record(), Token);

        Assert.Equal(
            text.Replace("2020-01-01T00:00:00Z", "2026-01-02T03:04:05Z", StringComparison.Ordinal)
                .Replace(CheckpointJson.Magic("v3.1.0"), CheckpointJson.Magic("v0.1.0"), StringComparison.Ordinal)
                .Replace("v3.1.0", "v0.1.0", StringComparison.Ordinal),
            Content("stacks", "lab", "dev.json"));
    }

    [Fact]
    public async Task Renaming_moves_files_and_rewrites_every_urn()
    {
        await CommitAsync(States.Of(States.Container("a"), States.Container("b", "a") with
        {
            PropertyDependencies = [new PropertyDependency("x", [States.UrnOf("a")])],
            Inputs = PropertyMap.Of(("ref", new PropertyValue.Resource(States.UrnOf("a"), "1", ""))),
        }));
        await File.WriteAllTextAsync(_folder[".pulumi", "stacks", "lab", "dev.pulumi-tags"], """{"version":1,"tags":{"k":"v"}}""", Token);
        var prod = new StackName("lab", "prod");

        await using (var session = await OpenAsync())
            await session.RenameAsync(prod, Token);

        Assert.False(Backend().Exists(States.Stack));
        Assert.Equal("v", Backend().Tags(prod)["k"]);
        Assert.Single(await Backend().HistoryAsync(prod, Token));
        Assert.Equal(["prod"], (await Backend().ListAsync("lab", Token)).Select(stack => stack.Name.Name));
        var text = Content("stacks", "lab", "prod.json");
        Assert.DoesNotContain("urn:pulumi:dev::", text, StringComparison.Ordinal);
        Assert.Contains("urn:pulumi:prod::lab::pulumi:pulumi:Stack::lab-prod", text, StringComparison.Ordinal);
        await using var renamed = await StackSession.OpenAsync(Backend(), prod, Request(write: false), _secrets, _time, NewId, Token);
        Assert.Equal(4, renamed.Snapshot.Resources.Length);
    }

    [Fact]
    public async Task Renaming_onto_another_stack_is_refused()
    {
        await CommitFirstAsync();
        await Backend().CreateAsync(new StackName("lab", "prod"), LockHolder.Current(), _time, NewId, Token);
        await using var session = await OpenAsync();

        await Assert.ThrowsAsync<StackExistsException>(() => session.RenameAsync(new StackName("lab", "prod"), Token));
        Assert.True(Backend().Exists(States.Stack));
    }

    [Fact]
    public async Task An_export_can_be_imported_with_its_secrets_shown_or_not()
    {
        var snapshot = States.Of(States.Container("a") with { Inputs = PropertyMap.Of(("key", new PropertyValue.Secret("hush"))) });
        await CommitAsync(snapshot);
        foreach (var show in (bool[])[false, true])
        {
            await using var session = await OpenAsync();
            using var export = new MemoryStream();
            session.Export(export, show);

            Assert.Empty(await session.ImportAsync(export.ToArray(), "export.json", force: false, Record("import"), Token));

            Assert.DoesNotContain("hush", Content("stacks", "lab", "dev.json"), StringComparison.Ordinal);
            var read = await ReadAsync();
            Assert.Equal("hush", Assert.IsType<PropertyValue.Secret>(read.Resources[2].Inputs["key"]).Reveal());
        }
    }

    [Fact]
    public async Task An_import_of_another_stack_needs_force_and_pending_operations_are_dropped()
    {
        await CommitFirstAsync();
        using var export = new MemoryStream();
        var other = UrnRewriting.MoveStack(First, States.Stack, new StackName("lab", "other"));
        var checkpoint = new Checkpoint { Snapshot = other with { PendingOperations = [new PendingOperation(other.Resources[2], PendingKind.Deleting)] } };
        CheckpointJson.WriteExport(export, checkpoint, _secrets, showSecrets: false);
        await using var session = await OpenAsync();

        var refused = await session.ImportAsync(export.ToArray(), "export.json", force: false, Record("import"), Token);
        Assert.Equal(["PROV1260", "PROV1261"], refused.Select(diagnostic => diagnostic.Code));
        Assert.Equal(States.Text(First), States.Text(await ReadAsync()));

        var forced = await session.ImportAsync(export.ToArray(), "export.json", force: true, Record("import"), Token);
        Assert.Equal(["PROV1260", "PROV1261"], forced.Select(diagnostic => diagnostic.Code));
        Assert.Equal(States.Text(other), States.Text(await ReadAsync()));
    }

    [Theory]
    [InlineData("""{"version":9,"deployment":{}}""", "PROV1211")]
    [InlineData("""{"deployment":{}}""", "PROV1210")]
    [InlineData("""{"version":3}""", "PROV1210")]
    [InlineData("nonsense", "PROV1210")]
    public async Task What_is_no_export_is_not_imported(string text, string code)
    {
        await CommitFirstAsync();
        await using var session = await OpenAsync();

        var error = await Assert.ThrowsAsync<CheckpointFormatException>(
            () => session.ImportAsync(Encoding.UTF8.GetBytes(text), "export.json", force: true, Record("import"), Token));

        Assert.Equal(code, error.Diagnostic.Code);
        Assert.Equal(States.Text(First), States.Text(await ReadAsync()));
    }

    [Fact]
    public async Task A_stack_that_does_not_exist_is_not_opened_unasked()
    {
        var request = Request(write: true) with { Create = false };

        var error = await Assert.ThrowsAsync<StackNotFoundException>(
            () => StackSession.OpenAsync(Backend(), States.Stack, request, _secrets, _time, NewId, Token));

        Assert.Contains("lab/dev", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder[".pulumi"]));
    }

    private sealed class ProcessDiedException(string step) : Exception($"The process died before: {step}");

    private static SessionRequest Request(bool write) => new()
    {
        Operation = "up",
        Write = write,
        ToolVersion = "v0.1.0",
        Create = write,
        Holder = new LockHolder(100, "me", "here", _ => DateTimeOffset.UnixEpoch),
    };

    private FileBackend Backend(StateFiles? files = null) => FileBackend.Open(null, null, _folder.Path, "/home/u", files ?? new StateFiles());

    private Guid NewId() => new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)++_ids);

    private Task<StackSession> OpenAsync(bool write = true, bool skipChecks = false, StateFiles? files = null, ISecretsSource? secrets = null) =>
        StackSession.OpenAsync(Backend(files), States.Stack, Request(write) with { SkipChecks = skipChecks }, secrets ?? _secrets, _time, NewId, Token);

    private async Task<Snapshot> ReadAsync()
    {
        await using var session = await OpenAsync(write: false);
        return session.Snapshot;
    }

    private Task CommitFirstAsync() => CommitAsync(First);

    private async Task CommitAsync(Snapshot snapshot)
    {
        await using var session = await OpenAsync();
        await session.CommitAsync(snapshot, Record(), Token);
    }

    /// <summary>B is made, and C is being made.</summary>
    private static readonly IReadOnlyList<JournalEntry> Entries =
    [
        new JournalEntry.Begin(1, PendingKind.Creating, States.Container("b")),
        new JournalEntry.End(1, [new StateChange.Put(States.Container("b") with { Parent = null, Provider = null })]),
        new JournalEntry.Begin(2, PendingKind.Creating, States.Container("c")),
    ];

    private static Snapshot Fold(Snapshot before) => SnapshotFold.Fold(before, Entries);

    private static Task JournalAsync(StackSession session) => session.Journal.AppendAsync(Entries, Token);

    private string Content(params string[] parts) => File.ReadAllText(_folder[[".pulumi", .. parts]]);

    private IEnumerable<string> Files() => Directory.GetFiles(_folder[".pulumi"], "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_folder[".pulumi"], file))
        .Order(StringComparer.Ordinal);

    private Dictionary<string, byte[]> Save() => Files().ToDictionary(file => file, file => File.ReadAllBytes(_folder[".pulumi", file]));

    private void Restore(Dictionary<string, byte[]> files)
    {
        Directory.Delete(_folder[".pulumi"], recursive: true);
        foreach (var (file, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[".pulumi", file]) ?? "");
            File.WriteAllBytes(_folder[".pulumi", file], content);
        }

        // A later moment, as it would be: history is named by it.
        _time.Advance(TimeSpan.FromSeconds(1));
    }
}
