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

        // Two lanes, for a kill waits mostly for the daemon.
        var (odd, even) = (LaneAsync("e2e-kill-a", 8111, 1), LaneAsync("e2e-kill-b", 8112, 2));
        var kills = await odd + await even;

        // A run that ended before its trigger was seen proves nothing; most must have been cut off.
        Assert.True(kills >= 12, $"only {kills} runs were killed");
    }

    private async Task<int> LaneAsync(string stack, int port, int first)
    {
        using var workspace = new TestWorkspace(stack).Declare(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", port));
        using var objects = new StampedObjects(lab, stack);
        var kills = 0;
        var (upEnded, destroyEnded) = (false, false);
        for (var entries = first; !upEnded || !destroyEnded; entries += 2)
        {
            if (!upEnded)
            {
                upEnded = await KilledAsync(workspace, entries, "up") == 0;
                kills += upEnded ? 0 : 1;
                (await workspace.UpAsync()).With(0);
                Assert.Equal(LifecycleTests.Contents(workspace), await objects.AllAsync());
                (await workspace.PreviewAsync("--expect-no-changes")).With(0);
            }
            else
            {
                (await workspace.UpAsync("--skip-preview")).With(0);
            }

            if (!destroyEnded)
            {
                destroyEnded = await KilledAsync(workspace, entries, "destroy") == 0;
                kills += destroyEnded ? 0 : 1;
            }

            (await workspace.DestroyAsync()).With(0);
            Assert.Empty(await objects.AllAsync());
            Assert.False(File.Exists(workspace.Journal));
        }

        return kills;
    }

    /// <summary>Runs it until its journal holds so many entries, and kills it; zero where it ended by itself before.</summary>
    private static async Task<int> KilledAsync(TestWorkspace workspace, int entries, string command)
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
            return seen;
        }

        (await process.EndAsync()).With(0);
        return 0;
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
