using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>Kills the program at an entry of its journal.</summary>
internal static class JournalKill
{
    /// <summary>Runs it until its journal holds so many entries, and kills it; false where it ended by itself before.</summary>
    /// <param name="workspace">Where it runs.</param>
    /// <param name="entries">How many.</param>
    /// <param name="command">Which operation.</param>
    /// <param name="about">Counts only entries with this text; all where it is empty.</param>
    public static async Task<bool> IsKilledAsync(TestWorkspace workspace, int entries, string command, string about = "")
    {
        await using var process = ProvisionProcess.Start(workspace, command, workspace.Stack, "--yes", "--skip-preview");
        var seen = 0;
        while (!process.HasExited && seen < entries)
        {
            seen = Entries(workspace.Journal, about);

            // Shorter than any call of a daemon, and leaves the processors to what is to be killed.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
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
    private static int Entries(string journal, string about)
    {
        try
        {
            using var stream = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            var lines = 0;
            reader.ReadLine();
            while (reader.ReadLine() is { } line)
            {
                lines += line.Contains(about, StringComparison.Ordinal) ? 1 : 0;
            }

            return lines;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
