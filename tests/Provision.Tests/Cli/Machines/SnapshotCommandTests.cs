using System.Text.Json;
using Xunit;
using static Provision.Tests.Cli.Machines.MachineStack;

namespace Provision.Tests.Cli.Machines;

public sealed class SnapshotCommandTests
{
    [Fact]
    public async Task A_snapshot_is_made_listed_gone_back_to_and_forgotten()
    {
        using var stack = await new MachineStack().UpAsync();

        Assert.Equal(0, await stack.Cli.RunAsync("snapshot", "create", "box-1", "clean", "--description", "before the exam"));
        Assert.Contains("Saved 'box-1' as 'clean'", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await stack.Cli.RunAsync("snapshot", "ls", "lab/box-1"));
        Assert.Matches("NAME +MADE +STATE +AFTER +DESCRIPTION\nclean \\* .* running .* before the exam\n", stack.Cli.Out);
        Assert.Equal(0, await stack.Cli.RunAsync("snapshot", "revert", "box-1", "clean", "--yes"));
        Assert.Equal(0, await stack.Cli.RunAsync("snapshot", "rm", "box-1", "clean", "--yes"));

        Assert.Equal([$"snapshot clean {Box1}", $"revert clean {Box1}", $"drop clean {Box1}"], stack.Cli.Machines.Acts);
    }

    [Fact]
    public async Task As_json_a_snapshot_has_its_time_state_and_place()
    {
        using var stack = await new MachineStack().UpAsync();
        await stack.Cli.RunAsync("snapshot", "create", "box-1", "one");

        await stack.Cli.RunAsync("snapshot", "ls", "box-1", "--json");

        using var json = JsonDocument.Parse(stack.Cli.Out);
        var one = json.RootElement[0];
        Assert.Equal(("one", "2024-10-04T00:00:00Z", "running", true), (
            one.GetProperty("name").GetString(), one.GetProperty("created").GetString(), one.GetProperty("state").GetString(), one.GetProperty("current").GetBoolean()));
    }

    [Fact]
    public async Task Going_back_asks_and_nobody_to_ask_is_an_error_before_anything_is_opened()
    {
        using var stack = await new MachineStack().UpAsync();
        await stack.Cli.RunAsync("snapshot", "create", "box-1", "one");

        Assert.Equal(2, await stack.Cli.RunAsync("snapshot", "revert", "box-1", "one"));
        stack.Cli.IsTerminal = true;
        stack.Cli.Input = "no\n";
        Assert.Equal(8, await stack.Cli.RunAsync("snapshot", "revert", "box-1", "one"));

        Assert.DoesNotContain($"revert one {Box1}", stack.Cli.Machines.Acts);
        Assert.Contains("What came after is lost", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_that_is_not_there_gets_a_suggestion()
    {
        using var stack = await new MachineStack().UpAsync();
        await stack.Cli.RunAsync("snapshot", "create", "box-1", "clean");

        Assert.Equal(2, await stack.Cli.RunAsync("snapshot", "rm", "box-1", "claen", "--yes"));
        Assert.Contains("Did you mean 'clean'?", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("-x")]
    [InlineData("über")]
    [InlineData("a b")]
    public async Task A_name_that_libvirt_could_not_make_a_file_of_is_refused(string name)
    {
        using var stack = await new MachineStack().UpAsync();

        Assert.Equal(2, await stack.Cli.RunAsync("snapshot", "create", "box-1", "--", name));
        Assert.Empty(stack.Cli.Machines.Acts);
    }
}
