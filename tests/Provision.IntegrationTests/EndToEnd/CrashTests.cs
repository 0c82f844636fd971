using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>
/// The program is killed at every entry of its journal. The kill is triggered by the entry, not by time: between two entries lies a call
/// of the daemon, so every call is cut off once while it is under way.
/// </summary>
public sealed class CrashTests(DockerLab lab)
{
    [Fact]
    public async Task Killed_at_any_entry_of_an_up_or_destroy_the_next_run_converges()
    {
        await lab.ReadyAsync();

        // Side by side, for they mostly wait for the daemon and the disk.
        var (ups, destroys) = (KillUpsAsync("e2e-kill-up"), KillDestroysAsync("e2e-kill-down"));
        var (upKills, destroyKills) = (await ups, await destroys);

        // Each of the four has its begin and its end. A run that ended before its trigger was seen was not cut off and proves nothing.
        Assert.True(upKills >= 5 && destroyKills >= 4, $"{upKills} runs of up and {destroyKills} of destroy were cut off");
    }

    private async Task<int> KillUpsAsync(string stack)
    {
        using var workspace = new TestWorkspace(stack).Declare(Definitions.Small, ("endpoint", lab.Endpoint));
        using var objects = new StampedObjects(lab, stack);
        var entries = 1;
        for (; await JournalKill.IsKilledAsync(workspace, entries, "up"); entries++)
        {
            // Every other time what was left is taken away as it is.
            if (entries % 2 == 1)
            {
                (await workspace.UpAsync()).With(0);
                Assert.Equal(Contents(stack), await objects.AllAsync());
            }

            (await workspace.DestroyAsync()).With(0);
            Assert.Empty(await objects.AllAsync());
            Assert.False(File.Exists(workspace.Journal));
        }

        (await workspace.UpAsync("--expect-no-changes")).With(0);
        (await workspace.DestroyAsync()).With(0);
        Assert.Empty(await objects.AllAsync());
        return entries - 1;
    }

    private async Task<int> KillDestroysAsync(string stack)
    {
        using var workspace = new TestWorkspace(stack).Declare(Definitions.Small, ("endpoint", lab.Endpoint));
        using var objects = new StampedObjects(lab, stack);
        (await workspace.UpAsync()).With(0);
        var entries = 1;
        for (; await JournalKill.IsKilledAsync(workspace, entries, "destroy"); entries++)
        {
            // Every other time the destroy goes on, and otherwise the stack is wanted back.
            if (entries % 2 == 1)
            {
                (await workspace.DestroyAsync()).With(0);
                Assert.Empty(await objects.AllAsync());
                Assert.False(File.Exists(workspace.Journal));
            }

            (await workspace.UpAsync()).With(0);
            Assert.Equal(Contents(stack), await objects.AllAsync());
        }

        Assert.Empty(await objects.AllAsync());
        return entries - 1;
    }

    private static string[] Contents(string stack) => [$"container {stack}-app", $"network {stack}-net", $"volume {stack}-data"];
}
