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
        for (; await IsKilledAsync(workspace, entries, "up"); entries++)
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
        for (; await IsKilledAsync(workspace, entries, "destroy"); entries++)
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

    /// <summary>Runs it until its journal holds so many entries, and kills it; false where it ended by itself before.</summary>
    private static async Task<bool> IsKilledAsync(TestWorkspace workspace, int entries, string command)
    {
        await using var process = ProvisionProcess.Start(workspace, command, workspace.Stack, "--yes", "--skip-preview");
        var seen = 0;
        while (!process.HasExited && seen < entries)
        {
            seen = Entries(workspace.Journal);
            await Task.Yield();
        }

        if (seen >= entries)
        {
            process.Kill();
            await process.EndAsync();
            return true;
        }

        (await process.EndAsync()).With(0);
        return false;
    }

    // One line is the header; an entry's line may hold several that became durable together.
    private static int Entries(string journal)
    {
        try
        {
            using var stream = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            var lines = -1;
            while (reader.ReadLine() is not null)
            {
                lines++;
            }

            return Math.Max(0, lines);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
