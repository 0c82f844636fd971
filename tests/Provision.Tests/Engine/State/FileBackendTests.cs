using System.IO.Compression;
using System.Text;
using Provision.Engine;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class FileBackendTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestSecrets _secrets = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, "/srv/lab/.pulumi")]
    [InlineData("file://.", null, "/srv/lab/.pulumi")]
    [InlineData("file://./state", null, "/srv/lab/state/.pulumi")]
    [InlineData("file://~", null, "/home/u/.pulumi")]
    [InlineData("file://~/state", null, "/home/u/state/.pulumi")]
    [InlineData("file:///srv/state/?no_tmp_dir=true", null, "/srv/state/.pulumi")]
    [InlineData("s3://bucket", "file:///srv", "/srv/.pulumi")]
    public void A_file_url_leads_where_pulumi_goes(string? configured, string? environment, string expected) =>
        Assert.Equal(expected, FileBackend.Open(configured, environment, "/srv/lab", "/home/u").StateFolder);

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("https://api.pulumi.com")]
    [InlineData("azblob://x")]
    [InlineData("/srv/state")]
    public void Another_backend_is_refused_with_what_is_supported(string url)
    {
        var error = Assert.Throws<BackendException>(() => FileBackend.Open(url, null, _folder.Path, "/home/u"));

        Assert.Equal("PROV1246", error.Diagnostic.Code);
        Assert.Contains("file://", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version: 2\n")]
    [InlineData("")]
    public void Another_layout_is_refused(string meta)
    {
        Write(meta, "meta.yaml");

        Assert.Equal("PROV1247", Assert.Throws<BackendException>(Open).Diagnostic.Code);
    }

    [Fact]
    public void Stacks_without_projects_are_refused()
    {
        Write("{}", "stacks", "dev.json");

        Assert.Equal("PROV1247", Assert.Throws<BackendException>(Open).Diagnostic.Code);
    }

    [Theory]
    [InlineData("dev", "lab/dev")]
    [InlineData("organization/dev", "lab/dev")]
    [InlineData("organization/other/dev-1_x.y", "other/dev-1_x.y")]
    public void Stacks_are_named_in_three_forms(string text, string expected) => Assert.Equal(expected, StackName.Parse(text, "lab").ToString());

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("acme/dev")]
    [InlineData("organization/../dev")]
    [InlineData("organization/a/b/c")]
    [InlineData("organization//dev")]
    public void Other_names_are_refused(string text) => Assert.Throws<BackendException>(() => StackName.Parse(text, "lab"));

    [Fact]
    public void A_name_has_at_most_a_hundred_characters()
    {
        Assert.True(StackName.IsValid(new string('a', 100)));
        Assert.False(StackName.IsValid(new string('a', 101)));
    }

    [Fact]
    public async Task Stacks_are_listed_with_what_they_hold()
    {
        await CommitAsync("dev", States.Of(States.Container("a")));
        await Open().CreateAsync(new StackName("lab", "empty"), LockHolder.Current(), TimeProvider.System, NewId, Token);
        Write("broken", "stacks", "other", "bad.json");

        var stacks = await Open().ListAsync(null, Token);

        Assert.Equal([("lab/dev", 3), ("lab/empty", 0), ("other/bad", (int?)null)], stacks.Select(stack => (stack.Name.ToString(), stack.ResourceCount)));
        Assert.NotNull(stacks[0].LastUpdate);
        Assert.Null(stacks[1].LastUpdate);
        Assert.All(stacks, stack => Assert.False(stack.IsRunning));
        Assert.Equal(["lab/dev", "lab/empty"], (await Open().ListAsync("lab", Token)).Select(stack => stack.Name.ToString()));
    }

    [Fact]
    public async Task An_existing_stack_is_not_made_again()
    {
        await CommitAsync("dev", States.Of());

        await Assert.ThrowsAsync<StackExistsException>(() => Open().CreateAsync(States.Stack, LockHolder.Current(), TimeProvider.System, NewId, Token));
    }

    [Fact]
    public async Task A_stack_with_resources_is_removed_only_by_force_and_leaves_its_bak()
    {
        await CommitAsync("dev", States.Of());
        var content = await File.ReadAllTextAsync(Open().CheckpointPath(States.Stack), Token);

        var error = await Assert.ThrowsAsync<StackNotEmptyException>(() => RemoveAsync(force: false));
        Assert.Contains("2 resources", error.Message, StringComparison.Ordinal);

        await RemoveAsync(force: true);
        Assert.False(Open().Exists(States.Stack));
        Assert.Equal(content, await File.ReadAllTextAsync(Open().BackupPath(States.Stack), Token));
        Assert.False(Directory.Exists(_folder[".pulumi", "history", "lab", "dev"]));
        Assert.Empty(await Open().HistoryAsync(States.Stack, Token));
        await Assert.ThrowsAsync<StackNotFoundException>(() => RemoveAsync(force: true));
    }

    [Fact]
    public async Task A_stack_with_an_unfinished_run_is_removed_only_by_force()
    {
        await using (var session = await OpenAsync("dev"))
            await session.Journal.AppendAsync([new JournalEntry.Begin(1, PendingKind.Creating, States.Container("a"))], Token);

        Assert.Equal("PROV1243", (await Assert.ThrowsAsync<StackNotEmptyException>(() => RemoveAsync(force: false))).Diagnostic.Code);
        await RemoveAsync(force: true);
        Assert.False(File.Exists(Open().JournalPath(States.Stack)));
    }

    [Fact]
    public async Task A_compressed_checkpoint_is_read_and_replaced_by_a_plain_one()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(States.Text(States.Of(States.Container("a")))));
        Directory.CreateDirectory(_folder[".pulumi", "stacks", "lab"]);
        await File.WriteAllBytesAsync(_folder[".pulumi", "stacks", "lab", "dev.json.gz"], packed.ToArray(), Token);
        Write("{}", "stacks", "lab", "dev.json.gz.attrs");

        await using (var session = await OpenAsync("dev"))
        {
            Assert.Equal(3, session.Snapshot.Resources.Length);
            await session.CommitAsync(session.Snapshot, Record(), Token);
        }

        Assert.Equal(["dev.json", "dev.json.gz.bak"], Directory.GetFiles(_folder[".pulumi", "stacks", "lab"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await using var again = await OpenAsync("dev");
        Assert.Equal(3, again.Snapshot.Resources.Length);
    }

    [Theory]
    [InlineData("dev.json.zst", "PROV1248")]
    [InlineData("dev.json.gz", "PROV1210")]
    public async Task A_checkpoint_that_cannot_be_unpacked_is_refused(string name, string code)
    {
        Write("nonsense", "stacks", "lab", name);

        var error = await Assert.ThrowsAnyAsync<StateException>(() => OpenAsync("dev"));

        Assert.Equal(code, error.Diagnostic.Code);
    }

    [Fact]
    public async Task A_torn_history_record_hides_no_others()
    {
        await CommitAsync("dev", States.Of());
        Write("{\"kind\":", "history", "lab", "dev", "dev-1.history.json");

        Assert.Equal("update", Assert.Single(await Open().HistoryAsync(States.Stack, Token)).Kind);
    }

    [Fact]
    public async Task A_file_where_the_state_folder_belongs_is_a_write_error_with_a_remedy()
    {
        Write("not a folder", "stacks");

        var error = await Assert.ThrowsAsync<StateWriteException>(() => OpenAsync("dev"));

        Assert.NotNull(error.Remedy);
        Assert.Contains(_folder[".pulumi", "stacks"], error.Message, StringComparison.Ordinal);
    }

    private static Guid NewId() => new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    private static UpdateRecord Record() => new() { Kind = "update", StartTime = default, EndTime = default, Result = "succeeded" };

    private FileBackend Open() => FileBackend.Open(null, null, _folder.Path, "/home/u");

    private Task<StackSession> OpenAsync(string name) => StackSession.OpenAsync(
        Open(),
        new StackName("lab", name),
        new SessionRequest { Operation = "up", Write = true, Create = true, ToolVersion = "v0.1.0" },
        _secrets,
        TimeProvider.System,
        NewId,
        Token);

    private async Task CommitAsync(string name, Snapshot snapshot)
    {
        await using var session = await OpenAsync(name);
        await session.CommitAsync(snapshot, Record(), Token);
    }

    private Task RemoveAsync(bool force) => Open().RemoveAsync(States.Stack, force, LockHolder.Current(), TimeProvider.System, NewId, Token);

    private void Write(string content, params string[] parts)
    {
        var path = _folder[[".pulumi", .. parts]];
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "");
        File.WriteAllText(path, content);
    }
}
