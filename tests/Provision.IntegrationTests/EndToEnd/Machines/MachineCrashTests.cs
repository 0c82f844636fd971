using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>
/// The program is killed at every entry of its journal that is about libvirt. The kill is triggered by the entry, not by time: between two entries lie
/// calls of the daemon, so every object is cut off once while it is made or removed.
/// </summary>
public sealed class MachineCrashTests(LibvirtLab lab)
{
    private const string Libvirt = "libvirt:index/";

    // Started and held: what is cut off here is libvirt's part, and a guest in the middle of its boot only makes each of the many runs longer.
    private static readonly (string Key, object Value)[] Settings = [("wait", false), ("power", "Paused")];

    [Fact]
    public async Task Killed_at_any_entry_of_an_up_the_next_run_converges()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-mkill");
        world.Set(Settings);
        using var images = await HoldImagesAsync("e2e-mheld");
        var entries = 1;
        for (; await JournalKill.IsKilledAsync(world.Workspace, entries, "up", Libvirt); entries++)
        {
            // Every other time what was left is taken away as it is.
            if (entries % 2 == 1)
            {
                (await world.Workspace.UpAsync()).With(0);
                Assert.Equal(Contents("e2e-mkill"), await world.Objects.AllAsync());
                Assert.Equal("paused", await world.StateAsync());
            }

            (await world.Workspace.DestroyAsync()).With(0);
            await world.Objects.NothingIsLeftAsync();
            Assert.False(File.Exists(world.Workspace.Journal));
        }

        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
        (await images.Workspace.DestroyAsync()).With(0);

        // A run that ended before its trigger was seen was not cut off and proves nothing.
        Assert.True(entries > 8, $"{entries - 1} runs of up were cut off");
    }

    [Fact]
    public async Task Killed_at_any_entry_of_a_destroy_the_next_run_converges()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-munkill");
        world.Set(Settings);
        using var images = await HoldImagesAsync("e2e-mkept");
        (await world.Workspace.UpAsync()).With(0);
        var entries = 1;
        for (; await JournalKill.IsKilledAsync(world.Workspace, entries, "destroy", Libvirt); entries++)
        {
            // Every other time the destroy goes on, and otherwise the stack is wanted back.
            if (entries % 2 == 1)
            {
                (await world.Workspace.DestroyAsync()).With(0);
                await world.Objects.NothingIsLeftAsync();
                Assert.False(File.Exists(world.Workspace.Journal));
            }

            (await world.Workspace.UpAsync()).With(0);
            Assert.Equal(Contents("e2e-munkill"), await world.Objects.AllAsync());
            Assert.Equal("paused", await world.StateAsync());
        }

        await world.Objects.NothingIsLeftAsync();
        (await images.Workspace.DestroyAsync()).With(0);
        Assert.True(entries > 6, $"{entries - 1} runs of destroy were cut off");
    }

    [Fact]
    public async Task Of_two_runs_one_wins_and_one_killed_while_a_machine_boots_is_taken_up()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-mlock");
        await using var winner = ProvisionProcess.Start(world.Workspace, "up", world.Workspace.Stack, "--yes");
        await LabNamespaces.UntilAsync(
            async () => winner.HasExited || (await lab.NamesAsync("list")).Contains(world.Box), TimeSpan.FromSeconds(120), () => $"no machine runs: {winner.ErrorSoFar()}");
        (await world.Workspace.UpAsync()).WithOneError(1, "PROV1225");
        Assert.False(winner.HasExited, winner.ErrorSoFar());
        winner.Kill();
        await winner.EndAsync();
        var identity = await world.IdentityAsync();

        (await world.Workspace.UpAsync()).With(0);

        Assert.Equal(identity, await world.IdentityAsync());
        Assert.Equal("Hello", await world.InBoxAsync("cat /etc/greeting"));
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }

    private static string[] Contents(string stack) => [$"domain {stack}-box-1", $"network {stack}-net", $"pool {stack}-vms"];

    /// <summary>Another stack that uses the same image and kernel, so that they are not made anew each time.</summary>
    private async Task<MachineWorld> HoldImagesAsync(string stack)
    {
        var world = await MachineWorld.OpenAsync(lab, stack, ("power", "Off"));
        (await world.Workspace.UpAsync()).With(0);
        return world;
    }
}
