using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Access;
using Xunit;
using static Provision.Tests.Cli.Machines.MachineStack;

namespace Provision.Tests.Cli.Machines;

public sealed class ResetTests
{
    private const string Root1 = "/pool/box-1-root.qcow2";
    private const string Data1 = "/pool/box-1-data.qcow2";

    [Fact]
    public async Task The_root_disk_is_made_anew_and_a_kept_disk_is_not_touched()
    {
        using var stack = await new MachineStack().UpAsync();
        Soil(stack, Root1, Data1);

        var code = await stack.Cli.RunAsync("reset", "lab/box-1", "--yes");

        Assert.Equal(0, code);
        Assert.False(IsSoiled(stack, Root1));
        Assert.True(IsSoiled(stack, Data1));
        Assert.Equal([$"power off {Box1}", $"start {Box1}", $"wait {Box1}"], stack.Cli.Machines.Acts);
        Assert.Contains("made box-1-root anew; kept box-1-data (", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Contains("of work, answers", stack.Cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Afterwards_up_has_nothing_to_do()
    {
        using var stack = await new MachineStack().UpAsync();
        await stack.Cli.RunAsync("reset", "box-1", "--yes");

        Assert.Equal(0, await stack.Cli.RunAsync("up", "lab", "--yes", "--expect-no-changes"));
    }

    [Fact]
    public async Task Disks_without_the_mark_are_dropped_too()
    {
        using var stack = await new MachineStack().UpAsync();
        Soil(stack, "/pool/box-2-root.qcow2", "/pool/box-2-data.qcow2");

        await stack.Cli.RunAsync("reset", "box-2", "--yes");

        Assert.False(IsSoiled(stack, "/pool/box-2-root.qcow2"));
        Assert.False(IsSoiled(stack, "/pool/box-2-data.qcow2"));
    }

    [Fact]
    public async Task Without_a_terminal_and_without_yes_nothing_is_touched()
    {
        using var stack = await new MachineStack().UpAsync();

        Assert.Equal(2, await stack.Cli.RunAsync("reset", "box-1"));
        Assert.Empty(stack.Cli.Machines.Acts);
    }

    [Fact]
    public async Task On_a_terminal_it_says_what_is_lost_and_asks()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.IsTerminal = true;
        stack.Cli.Input = "no\n";

        var code = await stack.Cli.RunAsync("reset", "box-1");

        Assert.Equal(8, code);
        Assert.Empty(stack.Cli.Machines.Acts);
        Assert.Contains("box-1: drops box-1-root, keeps box-1-data", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_are_in_the_way_until_they_may_be_dropped()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[Box1].Snapshots.Add(new MachineSnapshot("clean", "", DateTimeOffset.UnixEpoch, "running", null, true));

        var refused = await stack.Cli.RunAsync("reset", "box-1", "--yes");
        var said = stack.Cli.Error;
        Assert.Empty(stack.Cli.Machines.Acts);
        var dropped = await stack.Cli.RunAsync("reset", "box-1", "--yes", "--drop-snapshots");

        Assert.Equal((4, 0), (refused, dropped));
        Assert.Contains("clean", said, StringComparison.Ordinal);
        Assert.Contains("--drop-snapshots", said, StringComparison.Ordinal);
        Assert.Equal([$"power off {Box1}", $"drop clean {Box1}", $"start {Box1}", $"wait {Box1}"], stack.Cli.Machines.Acts);
    }

    [Fact]
    public async Task A_machine_that_the_stack_says_is_off_stays_off()
    {
        using var stack = await new MachineStack { Box2ShallRun = false }.UpAsync();

        await stack.Cli.RunAsync("reset", "box-2", "--yes");

        Assert.Equal([$"power off {Box2}"], stack.Cli.Machines.Acts);
        Assert.Contains("stays off as the stack says", stack.Cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_never_comes_up_again_fails_with_its_reason_and_is_recorded_all_the_same()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[Box1].Silence = "The machine 'box-1' has no address after 60 s.";

        var code = await stack.Cli.RunAsync("reset", "box-*", "--yes");

        Assert.Equal(9, code);
        Assert.Contains("box-1: failed", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Contains("box-2: clean", stack.Cli.Out, StringComparison.Ordinal);
        await stack.Cli.RunAsync("stack", "history", "-s", "lab");
        Assert.Contains("reset box-1, box-2", stack.Cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_short_after_a_disk_was_dropped_the_next_up_makes_it()
    {
        using var stack = await new MachineStack().UpAsync();

        // What kill -9 leaves between the delete and the create: the state says that it is there, and it is not.
        stack.Cli.World.Remove(Root1);
        var code = await stack.Cli.RunAsync("up", "lab", "--yes");

        Assert.Equal(0, code);
        Assert.True(stack.Cli.World.ContainsKey(Root1));
    }

    private static void Soil(MachineStack stack, params string[] disks)
    {
        foreach (var disk in disks)
        {
            stack.Cli.World[disk] = stack.Cli.World[disk].With("soiled", true);
        }
    }

    private static bool IsSoiled(MachineStack stack, string disk) => stack.Cli.World[disk].Find("soiled") is PropertyValue.Bool { Value: true };
}
