using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>The way of a stack of machines from its first <c>up</c> to its <c>destroy</c>, through the program.</summary>
public sealed class MachineLifecycleTests(LibvirtLab lab)
{
    [Fact]
    public async Task Machines_come_up_answer_stay_as_they_are_and_go()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-boxes", ("count", 2));

        var up = (await world.Workspace.UpAsync()).With(0);
        Assert.Contains("plain emulation", up.All, StringComparison.Ordinal);
        Assert.Equal(
            ["domain e2e-boxes-box-1", "domain e2e-boxes-box-2", "network e2e-boxes-net", "pool e2e-boxes-vms"],
            await world.Objects.AllAsync());
        var address = await world.Workspace.OutputAsync("address");
        Assert.Matches(@"\A10\.\d+\.\d+\.\d+\z", address);
        Assert.Equal("box-1 Hello /data", await world.InBoxAsync("echo $(hostname) $(cat /etc/greeting) $(awk '$2 == \"/data\" { print $2 }' /proc/mounts)"));
        Assert.Contains("1 packets received", await world.InBoxAsync("ping -c 1 -W 5 box-2"), StringComparison.Ordinal);

        var again = (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        Assert.Contains("Nothing to do", again.Out, StringComparison.Ordinal);
        Assert.Contains(address, again.Out, StringComparison.Ordinal);
        Assert.Empty(await world.Workspace.PlannedAsync());

        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
        Assert.Contains("Nothing to destroy", (await world.Workspace.DestroyAsync()).With(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_or_removed_by_hand_is_shown_and_put_back()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-byhand");
        (await world.Workspace.UpAsync()).With(0);
        var identity = await world.IdentityAsync();
        await world.InBoxAsync("echo precious >/data/kept && sync");

        await lab.VirshAsync("destroy", world.Box);
        Assert.Equal(["update box-1"], await world.Workspace.PlannedAsync());
        await RepairAsync("off");

        await lab.VirshAsync("suspend", world.Box);
        Assert.Equal(["update box-1"], await world.Workspace.PlannedAsync());
        await RepairAsync("paused");

        await lab.VirshAsync("setmaxmem", world.Box, "128MiB", "--config");
        await lab.VirshAsync("autostart", world.Box);
        await RepairAsync("memory");
        Assert.Contains("Max memory:     98304", await lab.VirshAsync("dominfo", world.Box), StringComparison.Ordinal);

        await lab.VirshAsync("destroy", world.Box);
        await lab.VirshAsync("undefine", world.Box);
        Assert.Equal(["create box-1"], await world.Workspace.PlannedAsync());
        await RepairAsync("gone");

        await lab.VirshAsync("destroy", world.Box);
        await lab.VirshAsync("net-destroy", "e2e-byhand-net");
        await RepairAsync("net");

        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();

        async Task RepairAsync(string said)
        {
            Assert.Contains(said, (await world.Workspace.PreviewAsync("--diff")).With(0).Out, StringComparison.Ordinal);
            (await world.Workspace.PreviewAsync("--expect-no-changes")).With(7);
            (await world.Workspace.UpAsync()).With(0);
            Assert.Equal(identity, await world.IdentityAsync());
            Assert.Equal("precious", await world.InBoxAsync("cat /data/kept"));
            (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        }
    }

    [Fact]
    public async Task A_stack_without_its_definition_can_be_destroyed()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-bare", ("power", "Off"));
        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal("shut off", await world.StateAsync());
        File.Delete(world.Workspace.DefinitionPath(Definitions.Boxes));
        File.Delete(world.Workspace.SettingsPath);

        (await world.Workspace.DestroyAsync()).With(0);

        await world.Objects.NothingIsLeftAsync();
    }
}
