using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Access;
using Xunit;
using static Provision.Tests.Cli.Machines.MachineStack;

namespace Provision.Tests.Cli.Machines;

public sealed class PowerTests
{
    [Fact]
    public async Task Stop_shuts_down_within_the_stacks_limit_and_says_what_the_next_up_does()
    {
        using var stack = await new MachineStack().UpAsync();

        var code = await stack.Cli.RunAsync("stop", "box-*");

        Assert.Equal(0, code);
        Assert.Equal([$"shut down within 9 s {Box1}", $"shut down within 9 s {Box2}"], stack.Cli.Machines.Acts.Order(StringComparer.Ordinal));
        Assert.Contains("box-1  machine    shut down (", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Contains("The stack says that box-1, box-2 shall run: the next `provision up lab` starts them.", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_the_command_line_wins_and_a_deaf_machine_is_said_to_have_lost_its_power()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[Box1].Listens = false;

        await stack.Cli.RunAsync("stop", "box-1", "--timeout", "3s");

        Assert.Equal([$"shut down within 3 s {Box1}"], stack.Cli.Machines.Acts);
        Assert.Contains("powered off: it did not shut down within 3 s", stack.Cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MachinePower.Running, true)]
    [InlineData(MachinePower.Paused, false)]
    public async Task By_force_and_where_nobody_listens_the_power_goes_at_once(MachinePower power, bool force)
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[Box1].Power = power;

        await stack.Cli.RunAsync(["stop", "box-1", .. force ? ["--force"] : Array.Empty<string>()]);

        Assert.Equal([$"power off {Box1}"], stack.Cli.Machines.Acts);
    }

    [Fact]
    public async Task Start_waits_until_the_machine_answers_and_leaves_one_alone_that_runs()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[Box1].Power = MachinePower.Off;

        var code = await stack.Cli.RunAsync("start", "box-1", "box-2");

        Assert.Equal(0, code);
        Assert.Equal([$"start {Box1}", $"wait {Box1}"], stack.Cli.Machines.Acts);
        Assert.Contains("box-2  machine    runs already (", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Equal("", stack.Cli.Error);
    }

    [Fact]
    public async Task Starting_what_the_stack_says_is_off_is_said_to_last_until_the_next_up()
    {
        using var stack = await new MachineStack { Box2ShallRun = false }.UpAsync();
        stack.Cli.Machines.ById[Box2].Power = MachinePower.Off;

        await stack.Cli.RunAsync("start", "box-2");

        Assert.Contains("The stack says that box-2 shall be off: the next `provision up lab` stops it.", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_stops_and_starts()
    {
        using var stack = await new MachineStack().UpAsync();

        await stack.Cli.RunAsync("restart", "box-1");

        Assert.Equal([$"shut down within 9 s {Box1}", $"start {Box1}", $"wait {Box1}"], stack.Cli.Machines.Acts);
        Assert.Contains("shut down, started", stack.Cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_fails_does_not_hold_up_the_others_and_gives_the_exit_code()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[Box1].Power = stack.Cli.Machines.ById[Box2].Power = MachinePower.Off;
        stack.Cli.Machines.ById[Box1].Silence = "The machine 'box-1' has no address after 60 s.";

        var code = await stack.Cli.RunAsync("start", "box-*");

        Assert.Equal(9, code);
        Assert.Contains("box-1  machine    failed", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Contains("box-2  machine    started", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Contains("no address after 60 s", stack.Cli.Error, StringComparison.Ordinal);
        Assert.Contains("1 of 2 failed", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_does_not_answer_is_named()
    {
        using var stack = await new MachineStack().UpAsync();

        var code = await stack.Cli.RunAsync("stop", "web");

        Assert.Equal(4, code);
        Assert.Contains("unix:///nowhere/docker.sock", stack.Cli.Error, StringComparison.Ordinal);
        Assert.Contains("it is unreachable", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_a_machine_and_a_container_has_to_be_exact()
    {
        using var stack = await new MachineStack { HasTwins = true }.UpAsync();
        stack.Cli.Machines.ById["33333333-3333-4333-8333-333333333333"] = new FakeMachine();

        var refused = await stack.Cli.RunAsync("stop", "web");
        var said = stack.Cli.Error;
        var exact = await stack.Cli.RunAsync("stop", "machine:web");

        Assert.Equal((2, 0), (refused, exact));
        Assert.Contains("machine:web, container:web", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_two_stacks_at_once_are_refused()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.AddStack("other");

        Assert.Equal(2, await stack.Cli.RunAsync("stop", "lab/box-1", "other/box-1"));
        Assert.Contains("lab, other", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hypervisor_that_is_down_is_an_error_of_the_resource()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.Down = new ProviderException(ProviderFailure.Unreachable, "Cannot look at the machines: there is no libvirtd.", "Start it.", Remainder.Untouched.Value);

        Assert.Equal(4, await stack.Cli.RunAsync("start", "box-1"));
        Assert.Contains("there is no libvirtd", stack.Cli.Error, StringComparison.Ordinal);
    }
}
