using System.Text;
using Provision.Providers.Libvirt.Access;
using Xunit;

namespace Provision.Tests.Cli.Machines;

public sealed class ConsoleCommandTests
{
    [Fact]
    public async Task A_script_types_into_the_console_and_gets_what_the_machine_answers()
    {
        using var stack = await new MachineStack().UpAsync();
        var machine = stack.Cli.Machines.ById[MachineStack.Box1];
        await machine.ConsoleOut.Writer.WriteAsync("Linux box-1\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        stack.Cli.InputBytes = new MemoryStream("uname -a\n"u8.ToArray());

        var code = await stack.Cli.RunAsync("console", "lab/box-1", "--linger", "0.1s");

        Assert.Equal(0, code);
        Assert.Equal("Linux box-1\r\n", Encoding.UTF8.GetString(stack.Cli.OutputBytes.ToArray()));
        var typed = await machine.ConsoleIn.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("uname -a\n", Encoding.UTF8.GetString(typed.Buffer));
        Assert.Equal("", stack.Cli.Error);
    }

    [Fact]
    public async Task A_machine_that_is_off_says_how_to_start_it()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[MachineStack.Box1].Power = MachinePower.Off;

        var code = await stack.Cli.RunAsync("console", "box-1");

        Assert.Equal(4, code);
        Assert.Contains("'box-1' is off", stack.Cli.Error, StringComparison.Ordinal);
        Assert.Contains("provision start box-1", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_console_in_use_is_only_taken_over_by_force()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[MachineStack.Box1].ConsoleIsOpen = true;

        var refused = await stack.Cli.RunAsync("console", "box-1");
        var said = stack.Cli.Error;
        var forced = await stack.Cli.RunAsync("console", "box-1", "--force", "--linger", "0");

        Assert.Equal((4, 0), (refused, forced));
        Assert.Contains("--force", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web", "'web' is a container")]
    [InlineData("box-3", "Did you mean 'box-1'?")]
    public async Task What_is_no_machine_has_no_console(string name, string said)
    {
        using var stack = await new MachineStack().UpAsync();

        var code = await stack.Cli.RunAsync("console", name);

        Assert.Equal(2, code);
        Assert.Contains(said, stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        using var stack = await new MachineStack().UpAsync();

        Assert.Equal(2, await stack.Cli.RunAsync("console", "box-1", "--escape", "q"));
    }

    [Fact]
    public async Task A_machine_that_somebody_undefined_is_said_to_be_gone()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById.Remove(MachineStack.Box1);

        var code = await stack.Cli.RunAsync("console", "box-1");

        Assert.Equal(4, code);
        Assert.Contains("not there any more", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_completed_with_their_stack_where_several_have_machines()
    {
        using var stack = await new MachineStack().UpAsync();
        await stack.Cli.RunAsync("[suggest:8]", "console ");
        Assert.Equal(["box-1", "box-2"], Names());

        stack.Cli.AddStack("other");
        await stack.Cli.RunAsync("up", "other", "--yes");
        await stack.Cli.RunAsync("[suggest:8]", "console ");

        Assert.Equal(["lab/box-1", "lab/box-2", "other/box-1", "other/box-2"], Names());

        IEnumerable<string> Names() => stack.Cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Contains("box", StringComparison.Ordinal));
    }
}
