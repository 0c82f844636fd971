using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Provision.IntegrationTests.Lab;

/// <summary>What is to be seen of a lab on the machine, and a lab whose user is killed.</summary>
internal static class LabTraces
{
    /// <summary>Namespaces, folders and cgroups that bear a lab's name, and processes that do in what they were started with.</summary>
    public static string[] Of(string name) =>
    [
        .. File.Exists($"/run/netns/{name}") ? new[] { $"/run/netns/{name}" } : [],
        .. Directory.EnumerateDirectories(Path.GetTempPath(), $"{name}*"),
        .. Directory.EnumerateDirectories("/sys/fs/cgroup", name, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }),
        .. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
            .Select(CommandLine).Where(line => line.Contains(name, StringComparison.Ordinal)),
    ];

    /// <summary>
    /// Starts a lab as a test process would, lets it do something, and kills the user. What stays alive is only the lab's supervisor; it sees its input
    /// end.
    /// </summary>
    public static async Task KillUserAsync(string name, string[] daemons, Func<string, Task> use)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"{name}.lab");
        await LabNamespaces.WriteScriptsAsync(folder, TestContext.Current.CancellationToken);
        foreach (var daemon in daemons)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{daemon}.wanted"), "", TestContext.Current.CancellationToken);
        }

        // A shell in the place of the test process: it holds the pipe, and is killed.
        var start = new ProcessStartInfo("bash", ["-c", $"tail -f /dev/null | setsid bash '{folder}/supervisor.sh' '{name}' '{folder}'"]) { RedirectStandardOutput = true };
        using var user = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        Assert.StartsWith("started", await user.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await use(folder);
        Assert.NotEmpty(Of(name));

        var children = await LabProcess.RunAsync("ps", ["-o", "pid=,comm=", "--ppid", $"{user.Id}"], TestContext.Current.CancellationToken);
        var holder = children.Output.Split('\n').Single(line => line.TrimEnd().EndsWith(" tail", StringComparison.Ordinal)).Trim().Split(' ')[0];
        using var pipe = Process.GetProcessById(int.Parse(holder, CultureInfo.InvariantCulture));
        user.Kill();
        pipe.Kill();

        await LabNamespaces.UntilAsync(() => Task.FromResult(Of(name).Length == 0), TimeSpan.FromSeconds(20), () => string.Join('\n', Of(name)));
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return "";
        }
    }
}
