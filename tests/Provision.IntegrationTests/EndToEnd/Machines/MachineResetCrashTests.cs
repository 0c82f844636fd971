using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>
/// The program is killed inside a reset, which keeps no journal: as soon as one of its steps shows in the hypervisor's own files. The next run, whether
/// a reset or an up, goes on from there.
/// </summary>
public sealed class MachineResetCrashTests(LibvirtLab lab)
{
    private const string Stack = "e2e-rkill";
    private const string Machine = $"{Stack}/box-1";
    private const string Running = "run/libvirt/qemu";
    private const string Snapshots = $"var/lib/libvirt/qemu/snapshot/{Stack}-box-1";
    private const string Pool = $"var/lib/provision/pool-{Stack}-vms";
    private const int Killed = 128 + 9;

    // In the order in which a reset brings them about.
    private static readonly (string Name, string Folder, string File, WatcherChangeTypes Change)[] Points =
    [
        ("powered off", Running, $"{Stack}-box-1.pid", WatcherChangeTypes.Deleted),
        ("the snapshot dropped", Snapshots, "before.xml", WatcherChangeTypes.Deleted),
        ("the first disk dropped", Pool, $"{Stack}-box-1-root.qcow2", WatcherChangeTypes.Deleted),
        ("the first disk made", Pool, $"{Stack}-box-1-root.qcow2", WatcherChangeTypes.Created),
        ("the second disk dropped", Pool, $"{Stack}-box-1-more.qcow2", WatcherChangeTypes.Deleted),
        ("the second disk made", Pool, $"{Stack}-box-1-more.qcow2", WatcherChangeTypes.Created),
        ("started", Running, $"{Stack}-box-1.pid", WatcherChangeTypes.Created),
    ];

    [Fact]
    public async Task Killed_wherever_a_reset_has_got_to_the_next_run_converges()
    {
        using var world = await MachineWorld.OpenAsync(lab, Stack);

        // Nobody waits for a boot: what is cut off here is libvirt's part, and there are many runs.
        world.Set(("wait", false), ("moreDisks", true));
        (await world.Workspace.UpAsync()).With(0);
        var (identity, volumes, kept) = (await world.IdentityAsync(), await world.Objects.VolumesAsync(), await FileAsync("data"));
        foreach (var (at, point) in Points.Index())
        {
            if (point.Folder == Snapshots)
            {
                (await world.Workspace.RunAsync("snapshot", "create", Machine, "before")).With(0);
            }

            var root = await FileAsync("root");
            Assert.True(await IsKilledAsync(world.Workspace, point.Folder, point.File, point.Change), $"it ended before '{point.Name}' was seen");

            // Every other time the machine is only to be there again.
            var resets = at % 2 == 0;
            (await (resets ? world.Workspace.RunAsync("reset", Machine, "--yes") : world.Workspace.UpAsync())).With(0);
            Assert.Equal("running", await world.StateAsync());
            Assert.Equal(identity, await world.IdentityAsync());
            Assert.Equal(volumes, await world.Objects.VolumesAsync());
            Assert.Equal(kept, await FileAsync("data"));
            Assert.True(!resets || root != await FileAsync("root"), $"the reset after '{point.Name}' left the disk as it was");
            (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        }

        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }

    /// <summary>False where it ended by itself before.</summary>
    private async Task<bool> IsKilledAsync(TestWorkspace workspace, string folder, string file, WatcherChangeTypes change)
    {
        await using var process = ProvisionProcess.Start(workspace, "reset", Machine, "--yes", "--drop-snapshots");
        using var watcher = new FileSystemWatcher(Path.Combine(lab.Folder, folder), file) { NotifyFilter = NotifyFilters.FileName };
        watcher.Deleted += Kill;
        watcher.Created += Kill;
        watcher.EnableRaisingEvents = true;
        return (await process.EndAsync()).ExitCode == Killed;

        void Kill(object sender, FileSystemEventArgs seen)
        {
            if (seen.ChangeType == change)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Which file a disk is: its number, which may be given again, and when it was made.</summary>
    private async Task<string> FileAsync(string disk) =>
        (await LabProcess.RunAsync("stat", ["-c", "%i %w", Path.Combine(lab.Folder, Pool, $"{Stack}-box-1-{disk}.qcow2")], TestContext.Current.CancellationToken)).Succeeded();
}
