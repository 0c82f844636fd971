using System.Globalization;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>Two runs at once, runs that are stopped, and runs that were killed while they held the stack.</summary>
public sealed class ConcurrencyTests(DockerLab lab)
{
    [Fact]
    public async Task Of_two_runs_one_wins_and_a_killed_ones_lock_is_taken_over()
    {
        await lab.ReadyAsync();
        using var world = new GatedWorld(lab, "e2e-lock");
        await using var winner = world.Up();
        await world.Objects.RunsAsync("first");

        var loser = (await world.Workspace.UpAsync()).WithOneError(1, "PROV1225");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {winner.Id}, up"), loser.Error, StringComparison.Ordinal);
        Assert.False(winner.HasExited);
        winner.Kill();
        await winner.EndAsync();
        var id = await world.Objects.IdAsync("first");

        await using var heir = world.Up();
        await heir.SaysAsync("PROV1227");
        world.Open();
        var ended = (await heir.EndAsync()).With(0);
        Assert.Contains("PROV1230", ended.Error, StringComparison.Ordinal);
        Assert.Equal(id, await world.Objects.IdAsync("first"));
        Assert.Equal(["container e2e-lock-first", "container e2e-lock-second"], await world.Objects.AllAsync());

        (await world.Workspace.DestroyAsync()).With(0);
        Assert.Empty(await world.Objects.AllAsync());
    }

    [Fact]
    public async Task Interrupted_once_it_finishes_the_step_records_it_and_starts_no_other()
    {
        await lab.ReadyAsync();
        using var world = new GatedWorld(lab, "e2e-stop");
        await using var up = world.Up();
        await world.Objects.RunsAsync("first");

        await up.SignalAsync("INT");
        await up.SaysAsync("Stopping: nothing new is started");
        world.Open();
        (await up.EndAsync()).With(8);

        Assert.Equal(["container e2e-stop-first"], await world.Objects.AllAsync());
        Assert.False(File.Exists(world.Workspace.Journal));
        Assert.Equal(["create second"], await world.Workspace.PlannedAsync());
        (await world.Workspace.UpAsync()).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        Assert.Empty(await world.Objects.AllAsync());
    }

    [Fact]
    public async Task Interrupted_twice_it_abandons_the_step_and_the_next_run_finds_what_it_left()
    {
        await lab.ReadyAsync();
        using var world = new GatedWorld(lab, "e2e-quit");
        await using var up = world.Up();
        await world.Objects.RunsAsync("first");
        var id = await world.Objects.IdAsync("first");

        // The gate stays closed: only abandoning ends it.
        await up.SignalAsync("INT");
        await up.SaysAsync("Stopping: nothing new is started");
        await up.SignalAsync("INT");
        (await up.EndAsync()).With(8);
        Assert.Contains("Abandoning", up.ErrorSoFar(), StringComparison.Ordinal);
        Assert.Equal(["container e2e-quit-first"], await world.Objects.AllAsync());

        world.Open();
        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal(id, await world.Objects.IdAsync("first"));
        Assert.Equal(["container e2e-quit-first", "container e2e-quit-second"], await world.Objects.AllAsync());
        (await world.Workspace.DestroyAsync()).With(0);
        Assert.Empty(await world.Objects.AllAsync());
    }
}
