using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class StackLockTests : IDisposable
{
    private static readonly LockHolder Me = new(100, "me", "here", pid => pid is 100 or 200 ? DateTimeOffset.UnixEpoch : null);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly FileBackend _backend;
    private int _ids;

    public StackLockTests() => _backend = FileBackend.Open(null, null, _folder.Path, "/home/u");

    public void Dispose() => _folder.Dispose();

    private string LockFolder => _folder[".pulumi", "locks", "organization", "lab", "dev"];

    [Fact]
    public async Task A_lock_lies_where_pulumi_looks_and_has_its_four_keys()
    {
        await using var held = await AcquireAsync();

        var file = Assert.Single(Directory.GetFiles(LockFolder));
        Assert.Equal("00000000-0000-0000-0000-000000000001.json", Path.GetFileName(file));
        Assert.Equal(
            """{"pid":100,"username":"me","hostname":"here","timestamp":"2026-01-02T03:04:05Z","operation":"up","heartbeat":"2026-01-02T03:04:05.000Z","lease":60}""",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal("600", Modes.Of(file));
    }

    [Fact]
    public async Task A_second_run_is_refused_with_who_what_and_how_long_and_leaves_the_first_alone()
    {
        await using var held = await AcquireAsync();
        _time.Advance(TimeSpan.FromSeconds(50));

        var error = await Assert.ThrowsAsync<StackLockedException>(() => AcquireAsync());

        Assert.Contains("me@here (process 100, up, for 50 s)", error.Message, StringComparison.Ordinal);
        Assert.Contains("provision cancel dev", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(100, Assert.Single(error.Holders).Pid);
        Assert.Single(Directory.GetFiles(LockFolder));
        held.EnsureHeld();
    }

    [Fact]
    public async Task A_released_lock_leaves_nothing()
    {
        await (await AcquireAsync()).DisposeAsync();

        Assert.Empty(Directory.GetFiles(LockFolder));
        await (await AcquireAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_living_holder_renews_its_lease()
    {
        await using var held = await AcquireAsync();
        _time.Advance(TimeSpan.FromMinutes(10));

        await Assert.ThrowsAsync<StackLockedException>(() => AcquireAsync());
    }

    [Fact]
    public async Task A_lease_that_ran_out_elsewhere_is_taken_over_and_said_so()
    {
        Write("a.json", """{"pid":7,"username":"ann","hostname":"there","timestamp":"2026-01-02T03:00:00Z","operation":"destroy","heartbeat":"2026-01-02T03:03:04Z","lease":60}""");

        await using var held = await AcquireAsync();

        var note = Assert.Single(held.Notes);
        Assert.Equal("PROV1227", note.Code);
        Assert.Contains("ann@there (process 7, destroy, for 4 min)", note.Detail, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(LockFolder));
    }

    [Fact]
    public async Task A_lease_that_still_runs_elsewhere_is_respected()
    {
        Write("a.json", """{"pid":7,"username":"ann","hostname":"there","timestamp":"2026-01-02T03:00:00Z","operation":"up","heartbeat":"2026-01-02T03:03:06Z","lease":60}""");

        await Assert.ThrowsAsync<StackLockedException>(() => AcquireAsync());
    }

    [Fact]
    public async Task A_dead_process_of_this_machine_holds_nothing()
    {
        using var process = Process.Start("true");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var me = LockHolder.Current();
        Write("a.json", $$"""{"pid":{{process.Id}},"username":"u","hostname":"{{me.HostName}}","timestamp":"2026-01-02T03:04:00Z"}""");

        await using var held = await AcquireAsync(me);

        Assert.Contains("gone", Assert.Single(held.Notes).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_number_that_is_in_use_again_holds_nothing()
    {
        var me = Me with { ProcessStart = _ => _time.GetUtcNow() };
        Write("a.json", """{"pid":200,"username":"u","hostname":"here","timestamp":"2026-01-02T03:00:00Z"}""");

        await using var held = await AcquireAsync(me);

        Assert.Contains("another has its number", Assert.Single(held.Notes).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"pid":7,"username":"ann","hostname":"there","timestamp":"2020-01-02T03:00:00.123456789Z"}""")]
    [InlineData("""{"pid":200,"username":"ann","hostname":"here","timestamp":"2020-01-02T03:00:00Z"}""")]
    [InlineData("not json")]
    [InlineData("[]")]
    public async Task A_lock_of_pulumis_is_never_taken_over_while_its_process_may_live(string content)
    {
        Write("a.json", content);

        await Assert.ThrowsAsync<StackLockedException>(() => AcquireAsync());
        Assert.True(File.Exists(Path.Combine(LockFolder, "a.json")));
    }

    [Fact]
    public async Task Cancelling_removes_every_lock_and_says_which()
    {
        Write("a.json", """{"pid":7,"username":"ann","hostname":"there","timestamp":"2026-01-02T03:00:00Z"}""");
        Write("b.json.attrs", "{}");

        var removed = await StackLock.CancelAsync(_backend, States.Stack, TestContext.Current.CancellationToken);

        Assert.Equal("ann@there (process 7, pulumi, for 4 min)", Assert.Single(removed).Describe(_time.GetUtcNow()));
        await (await AcquireAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_cancelled_run_notices_and_its_lock_does_not_come_back()
    {
        await using var held = await AcquireAsync();
        await StackLock.CancelAsync(_backend, States.Stack, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("PROV1226", Assert.Throws<StackLockLostException>(held.EnsureHeld).Diagnostic.Code);
        Assert.Empty(Directory.GetFiles(LockFolder));
    }

    [Fact]
    public async Task Waiting_ends_when_the_other_run_does()
    {
        var first = await AcquireAsync();
        var waiting = StackLock.AcquireAsync(
            _backend, States.Stack, new LockRequest("up", Me, TimeSpan.FromMinutes(1)), _time, NewId, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        await (await waiting).DisposeAsync();
    }

    [Fact]
    public async Task Of_many_at_once_at_most_one_gets_the_lock()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await AcquireAsync();
            }
            catch (StackLockedException)
            {
                return null;
            }
        })));

        Assert.True(all.Count(held => held is not null) <= 1);
        Assert.Equal(all.Count(held => held is not null), Directory.GetFiles(LockFolder).Length);
        foreach (var held in all.OfType<StackLock>())
            await held.DisposeAsync();
    }

    [Fact]
    public async Task The_lock_file_is_json_that_pulumi_can_read_after_a_renewal()
    {
        await using var held = await AcquireAsync();
        _time.Advance(TimeSpan.FromSeconds(15));

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Directory.GetFiles(LockFolder).Single(), TestContext.Current.CancellationToken));
        Assert.Equal("2026-01-02T03:04:20.000Z", document.RootElement.GetProperty("heartbeat").GetString());
        Assert.Equal("2026-01-02T03:04:05Z", document.RootElement.GetProperty("timestamp").GetString());
    }

    private Guid NewId() => new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)Interlocked.Increment(ref _ids));

    private Task<StackLock> AcquireAsync(LockHolder? holder = null) =>
        StackLock.AcquireAsync(_backend, States.Stack, new LockRequest("up", holder ?? Me), _time, NewId, TestContext.Current.CancellationToken);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(LockFolder);
        File.WriteAllText(Path.Combine(LockFolder, name), content);
    }
}
