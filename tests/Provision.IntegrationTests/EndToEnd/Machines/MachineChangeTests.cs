using System.Text.RegularExpressions;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>What a changed setting means for a machine: the preview says live, restart or replace, and up does that and nothing more.</summary>
public sealed class MachineChangeTests(LibvirtLab lab)
{
    [Fact]
    public async Task Each_change_reaches_a_machine_as_it_was_said_and_its_data_survives()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-change");
        (await world.Workspace.UpAsync()).With(0);
        var identity = await world.IdentityAsync();
        await world.InBoxAsync("echo precious >/data/kept && sync");

        // Memory and processors: a restart.
        world.Set(("memory", "112MiB"), ("cpus", 2));
        await ChangeAsync(["update box-1"], "restart", restarts: true);
        Assert.Equal("2", await world.InBoxAsync("nproc"));
        Assert.Equal("114688", await world.DescribedAsync("//memory/text()"));

        // Larger disks: while it runs, and what is in it sees that.
        world.Set(("memory", "112MiB"), ("cpus", 2), ("disk", "96MiB"), ("data", "32MiB"));
        await ChangeAsync(["update box-1/data", "update box-1/root"], "live", restarts: false);
        await SeesAsync("cat /sys/block/vda/size", "196608");
        await SeesAsync("cat $(grep -l '^data$' /sys/block/vd*/serial | sed 's/serial/size/')", "65536");

        // A further interface and disk: plugged in while it runs.
        world.Set(("memory", "112MiB"), ("cpus", 2), ("disk", "96MiB"), ("data", "32MiB"), ("moreNics", true), ("moreDisks", true));
        await ChangeAsync(["create box-1/more", "create side", "update box-1"], "live", restarts: false, HasSecondAddressAsync);
        await SeesAsync("grep -l '^more$' /sys/block/vd*/serial | wc -l", "1");
        await SeesAsync("ls /sys/class/net | grep -c eth", "2");

        // New data of the first boot: applied by a restart.
        world.Set(("memory", "112MiB"), ("cpus", 2), ("disk", "96MiB"), ("data", "32MiB"), ("moreNics", true), ("moreDisks", true), ("greeting", "Good evening"));
        var preview = (await world.Workspace.PreviewAsync()).With(0);
        Assert.Contains("restart", preview.Out, StringComparison.Ordinal);
        (await world.Workspace.UpAsync()).With(0);
        await SameAsync();
        Assert.Equal("Good evening", await world.InBoxAsync("cat /etc/greeting"));

        // Less again: what is unplugged goes with a restart.
        world.Set(("memory", "112MiB"), ("cpus", 2), ("disk", "96MiB"), ("data", "32MiB"), ("greeting", "Good evening"));
        await ChangeAsync(["delete box-1/more", "delete side", "update box-1"], "restart", restarts: true);

        // A smaller first disk can only be a new one. The other disk is another resource, and stays.
        world.Set(("memory", "112MiB"), ("cpus", 2), ("data", "32MiB"), ("greeting", "Good evening"));
        var loss = (await world.Workspace.PreviewAsync()).With(0).Out;
        Assert.Contains("box-1/root", loss, StringComparison.Ordinal);
        Assert.Contains("lost", loss, StringComparison.Ordinal);
        Assert.Contains("replace box-1/root", await world.Workspace.PlannedAsync());
        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal("precious", await world.InBoxAsync("cat /data/kept"));

        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();

        async Task ChangeAsync(string[] planned, string way, bool restarts, Func<Task>? atOnce = null)
        {
            var process = await ProcessAsync();
            Assert.Equal(planned, await world.Workspace.PlannedAsync());
            Assert.Contains(way, (await world.Workspace.PreviewAsync()).With(0).Out, StringComparison.Ordinal);
            (await world.Workspace.UpAsync()).With(0);
            await (atOnce?.Invoke() ?? Task.CompletedTask);
            Assert.Equal(restarts, process != await ProcessAsync());
            await SameAsync();
        }

        async Task SameAsync()
        {
            Assert.Equal(identity, await world.IdentityAsync());
            Assert.Equal("precious", await world.InBoxAsync("cat /data/kept"));
            (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        }

        // It was waited for, as for the first one when the machine was made.
        async Task HasSecondAddressAsync()
        {
            var lease = Regex.Match(await lab.VirshAsync("net-dhcp-leases", "e2e-change-side"), @" ipv4 +([0-9.]+)/");
            Assert.True(lease.Success, "the added interface has no address");
            var state = (await world.Workspace.RunAsync("stack", "export", "-s", world.Workspace.Stack)).With(0).Out;
            Assert.Contains($"\"{lease.Groups[1].Value}\"", state, StringComparison.Ordinal);
        }

        // The guest hears of a change by an interrupt, a moment after libvirt has made it.
        Task SeesAsync(string command, string expected)
        {
            var seen = "";
            return LabNamespaces.UntilAsync(async () => (seen = await world.InBoxAsync(command)) == expected, TimeSpan.FromSeconds(20), () => $"{command} says {seen}, not {expected}");
        }

        Task<string> ProcessAsync() => File.ReadAllTextAsync(Path.Combine(lab.Folder, $"run/libvirt/qemu/{world.Box}.pid"), TestContext.Current.CancellationToken);
    }
}
