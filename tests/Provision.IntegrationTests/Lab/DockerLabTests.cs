using System.Diagnostics;
using Xunit;

namespace Provision.IntegrationTests.Lab;

/// <summary>The lab itself: what it leaves behind is nothing, however its user ends.</summary>
public sealed class DockerLabTests
{
    [Fact]
    public async Task A_lab_leaves_nothing_behind()
    {
        var lab = new DockerLab();
        await lab.ReadyAsync();
        Assert.NotEmpty(Traces(lab.Namespace));

        await lab.DisposeAsync();

        Assert.Empty(Traces(lab.Namespace));
    }

    /// <summary>What stays alive is only the lab's supervisor; it sees its input end.</summary>
    [Fact]
    public async Task A_lab_whose_user_is_killed_takes_itself_down()
    {
        Assert.SkipWhen(await LabPackages.EnsureAsync(TestContext.Current.CancellationToken) is not null, "no lab can run here");
        var name = $"provkill{Environment.ProcessId}";
        var folder = Directory.CreateTempSubdirectory(name).FullName;
        var supervisor = Path.Combine(folder, "supervisor.sh");
        await File.WriteAllTextAsync(supervisor, LabScript.Supervisor, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "inside.sh"), LabScript.Inside, TestContext.Current.CancellationToken);

        // A shell in the place of the test process: it holds the pipe, and is killed.
        var start = new ProcessStartInfo("bash", ["-c", $"tail -f /dev/null | setsid bash '{supervisor}' '{name}' '{folder}'"]) { RedirectStandardOutput = true };
        using var user = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        Assert.Equal("started", await user.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await DockerLab.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(folder, "docker.sock"))), TimeSpan.FromSeconds(30), () => "the daemon does not start");

        var children = await LabProcess.RunAsync("ps", ["-o", "pid=,comm=", "--ppid", $"{user.Id}"], TestContext.Current.CancellationToken);
        var holder = children.Output.Split('\n').Single(line => line.TrimEnd().EndsWith(" tail", StringComparison.Ordinal)).Trim().Split(' ')[0];
        using var pipe = Process.GetProcessById(int.Parse(holder, System.Globalization.CultureInfo.InvariantCulture));
        user.Kill();
        pipe.Kill();

        await DockerLab.UntilAsync(() => Task.FromResult(Traces(name).Length == 0), TimeSpan.FromSeconds(20), () => string.Join('\n', Traces(name)));
    }

    /// <summary>Namespaces, folders and cgroups that bear a lab's name.</summary>
    private static string[] Traces(string name) =>
    [
        .. File.Exists($"/run/netns/{name}") ? new[] { $"/run/netns/{name}" } : [],
        .. Directory.EnumerateDirectories(Path.GetTempPath(), $"{name}*"),
        .. Directory.EnumerateDirectories("/sys/fs/cgroup", name, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }),
    ];
}
