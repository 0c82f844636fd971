using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>What a person does with a machine that is there: reach it, switch it, keep and bring back a state of it, make it clean.</summary>
public sealed class MachineVerbTests(LibvirtLab lab)
{
    [Fact]
    public async Task A_machine_is_reached_switched_snapshot_and_reset()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-verbs");
        var (workspace, box) = (world.Workspace, "e2e-verbs/box-1");
        (await workspace.UpAsync()).With(0);
        var identity = await world.IdentityAsync();

        // Reached: by ssh, with its exit code and words as they are; by the console; in the list.
        Assert.Contains("Linux box-1", await world.InBoxAsync("uname -a"), StringComparison.Ordinal);
        (await workspace.RunAsync("exec", box, "--", "sh", "-c", "exit 7")).With(7);
        Assert.Equal("a  b", (await workspace.RunAsync("exec", box, "--", "echo", "a  b")).With(0).Out.Trim());
        Assert.Contains("on-console-42", await ConsoleAsync(workspace, box, "echo on-console-$((6*7))"), StringComparison.Ordinal);
        await OnATerminalAsync(workspace, box);
        var list = (await workspace.RunAsync("list", workspace.Stack)).With(0).Out;
        Assert.Contains("box-1", list, StringComparison.Ordinal);
        Assert.Contains("running", list, StringComparison.Ordinal);
        Assert.Contains(await workspace.OutputAsync("address"), list, StringComparison.Ordinal);

        // Switched.
        (await workspace.RunAsync("stop", box)).With(0);
        Assert.Equal("shut off", await world.StateAsync());
        (await workspace.RunAsync("ssh", box, "--", "true")).With(4);
        (await workspace.RunAsync("start", box)).With(0);
        Assert.Equal("running", await world.StateAsync());
        (await workspace.UpAsync("--expect-no-changes")).With(0);
        await world.InBoxAsync("echo a >/root/a && echo precious >/data/kept && sync");

        // Kept and brought back.
        (await workspace.RunAsync("snapshot", "create", box, "before")).With(0);
        await world.InBoxAsync("rm /root/a && sync");
        Assert.Contains("before", (await workspace.RunAsync("snapshot", "ls", box)).With(0).Out, StringComparison.Ordinal);
        (await workspace.RunAsync("snapshot", "revert", box, "before", "--yes")).With(0);
        Assert.Equal("a", await world.InBoxAsync("cat /root/a"));
        (await workspace.UpAsync("--expect-no-changes")).With(0);
        (await workspace.RunAsync("snapshot", "rm", box, "before", "--yes")).With(0);
        Assert.Empty((await lab.VirshAsync("snapshot-list", world.Box, "--name")).Trim());

        // Made clean; what is to be kept is.
        (await workspace.RunAsync("reset", box, "--yes")).With(0);
        Assert.Equal("0 precious", await world.InBoxAsync("echo $(ls /root | wc -l) $(cat /data/kept)"));
        Assert.Equal(identity, await world.IdentityAsync());
        (await workspace.UpAsync("--expect-no-changes")).With(0);

        // A snapshot that is still there when all goes.
        (await workspace.RunAsync("snapshot", "create", box, "last")).With(0);
        (await workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }

    /// <summary>Every key reaches the machine but the one that detaches, and the terminal is given back as it was, whatever ends the program.</summary>
    private async Task OnATerminalAsync(TestWorkspace workspace, string box)
    {
        await using var detached = TerminalSession.Start(workspace, "console", box);
        await detached.IsRawAsync();
        Assert.Contains("Ctrl+] detaches", detached.Shown, StringComparison.Ordinal);
        await detached.TypeAsync("sh -c 'echo typed-$((6*7)); exec cat'\r");
        await detached.ShowsAsync("typed-42");
        await detached.TypeAsync("\u0003");
        await detached.ShowsAsync("^C");
        await detached.TypeAsync("echo after-$((7*7))\r");
        await detached.ShowsAsync("after-49");
        await detached.TypeAsync("\u001d");
        Assert.Contains("Detached from 'box-1'.", await detached.EndAsync(), StringComparison.Ordinal);
        Assert.Contains("ended with 0", detached.Shown, StringComparison.Ordinal);

        await using var ended = TerminalSession.Start(workspace, "console", box);
        await ended.IsRawAsync();
        (await lab.RunInsideAsync("kill", "-TERM", ended.Id)).Succeeded();
        Assert.Contains("ended with 8", await ended.EndAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> ConsoleAsync(TestWorkspace workspace, string box, string line) =>
        (await ProvisionProcess.RunWithInputAsync(workspace, $"\n{line}\n", "console", box)).With(0).Out;
}
