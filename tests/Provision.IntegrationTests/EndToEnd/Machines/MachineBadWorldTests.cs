using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>A world that does not give what the stack wants. Each time: one clear error, nothing of anybody else's touched, nothing leaked, and the next run converges.</summary>
public sealed class MachineBadWorldTests(LibvirtLab lab)
{
    [Fact]
    public async Task A_start_that_fails_leaves_nothing_in_the_way_of_the_next_run()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-nostart", ("wait", false), ("shutdown", 1));
        using (lab.Refuse(world.Box))
        {
            var ended = (await world.Workspace.UpAsync()).WithOneError(4, "PROV1510");
            Assert.Contains("box-1", ended.All, StringComparison.Ordinal);
            Assert.Contains("hook", ended.All, StringComparison.OrdinalIgnoreCase);
            (await world.Workspace.UpAsync()).WithOneError(4, "PROV1510");
        }

        await ConvergesAsync(world);
    }

    /// <summary>Small enough that what is written last does not fit.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(420)]
    [InlineData(640)]
    public async Task A_pool_that_is_full_leaves_no_half_volumes(int kibibytes)
    {
        var stack = $"e2e-mfull{kibibytes}";
        await lab.ReadyAsync();
        var disk = Path.Combine(lab.Folder, $"disk{kibibytes}");
        using var world = await MachineWorld.OpenAsync(lab, stack, ("wait", false), ("shutdown", 1), ("folder", Path.Combine(disk, stack)));
        (await lab.RunInsideAsync("sh", "-c", $"mkdir {disk} && mount -t tmpfs -o size={kibibytes}k,mode=755 tmpfs {disk}")).Succeeded();

        var ended = (await world.Workspace.UpAsync()).With(4);
        Assert.Contains("space", ended.All, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("disks", ended.All, StringComparison.Ordinal);

        (await lab.RunInsideAsync("mount", "-o", "remount,size=64m", disk)).Succeeded();
        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal("running", await world.StateAsync());
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        Assert.Empty((await lab.RunInsideAsync("find", disk, "-mindepth", "1")).Output);
        (await lab.RunInsideAsync("umount", disk)).Succeeded();
        Directory.Delete(disk);
        await world.Objects.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Foreign_files_in_the_pools_folder_outlive_the_stack()
    {
        await lab.ReadyAsync();
        var folder = Directory.CreateDirectory(Path.Combine(lab.Folder, "e2e-foreign")).FullName;
        var foreign = Path.Combine(folder, "thesis.txt");
        await File.WriteAllTextAsync(foreign, "years of work", TestContext.Current.CancellationToken);
        using var world = await MachineWorld.OpenAsync(lab, "e2e-foreign", ("power", "Off"), ("folder", folder));

        (await world.Workspace.UpAsync()).With(0);
        Assert.DoesNotContain("thesis.txt", (await world.Workspace.PreviewAsync("--diff")).With(0).Out, StringComparison.Ordinal);
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        var ended = (await world.Workspace.DestroyAsync()).WithOneError(4, "PROV1510");

        Assert.Contains("thesis.txt", ended.All, StringComparison.Ordinal);
        Assert.Equal([foreign], Directory.GetFileSystemEntries(folder));
        Assert.Equal("years of work", await File.ReadAllTextAsync(foreign, TestContext.Current.CancellationToken));
        File.Delete(foreign);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }

    [Fact]
    public async Task What_bears_our_name_or_address_and_not_our_stamp_is_not_touched()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-clash", ("power", "Off"));
        await DefineAsync("domain", "<domain type='qemu'><name>e2e-clash-box-1</name><memory unit='MiB'>33</memory><os><type>hvm</type></os></domain>", "define");
        await DefineAsync("network", "<network><name>e2e-clash-net</name><bridge name='foreign0'/></network>", "net-define");

        var ended = (await world.Workspace.UpAsync()).With(4);
        Assert.Contains("e2e-clash-net", ended.All, StringComparison.Ordinal);
        await lab.VirshAsync("net-undefine", "e2e-clash-net");
        ended = (await world.Workspace.UpAsync()).WithOneError(4, "PROV1510");
        Assert.Contains("e2e-clash-box-1", ended.All, StringComparison.Ordinal);
        Assert.Contains("33792", await lab.VirshAsync("dominfo", "e2e-clash-box-1"), StringComparison.Ordinal);
        (await world.Workspace.DestroyAsync()).With(0);
        Assert.Equal(["domain e2e-clash-box-1"], await world.Objects.AllAsync());
        await lab.VirshAsync("undefine", "e2e-clash-box-1");

        // A hardware address that somebody else's machine has.
        await DefineAsync(
            "mac", "<domain type='qemu'><name>foreign-mac</name><memory unit='MiB'>33</memory><os><type>hvm</type></os><devices><interface type='user'><mac address='52:54:00:aa:bb:cc'/></interface></devices></domain>", "define");
        world.Set(("power", "Off"), ("mac", "52:54:00:aa:bb:cc"));
        ended = (await world.Workspace.UpAsync()).WithOneError(4, "PROV1510");
        Assert.Contains("foreign-mac", ended.All, StringComparison.Ordinal);
        await lab.VirshAsync("undefine", "foreign-mac");
        (await world.Workspace.UpAsync()).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();

        async Task DefineAsync(string name, string xml, string command)
        {
            var file = Path.Combine(lab.Folder, $"clash-{name}.xml");
            await File.WriteAllTextAsync(file, xml, TestContext.Current.CancellationToken);
            await lab.VirshAsync(command, file);
        }
    }

    [Fact]
    public async Task A_subnet_or_bridge_that_the_host_uses_already_is_named()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-taken", ("power", "Off"), ("subnet", "10.123.45.0/24"));
        (await lab.RunInsideAsync("sh", "-c", "ip link add taken0 type bridge && ip addr add 10.123.45.7/24 dev taken0 && ip link set taken0 up")).Succeeded();

        var ended = (await world.Workspace.UpAsync()).WithOneError(4, "PROV1510");
        Assert.Contains("10.123.45.0/24", ended.All, StringComparison.Ordinal);
        Assert.Contains("taken0", ended.All, StringComparison.Ordinal);

        world.Set(("power", "Off"), ("subnet", "10.123.46.0/24"), ("bridge", "taken0"));
        ended = (await world.Workspace.UpAsync()).WithOneError(4, "PROV1510");
        Assert.Contains("taken0", ended.All, StringComparison.Ordinal);
        Assert.Contains("10.123.45.7", (await lab.RunInsideAsync("ip", "addr", "show", "taken0")).Succeeded(), StringComparison.Ordinal);

        (await lab.RunInsideAsync("ip", "link", "delete", "taken0")).Succeeded();
        (await world.Workspace.UpAsync()).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_machine_that_never_gets_an_address_or_never_answers_says_what_was_seen()
    {
        await lab.ReadyAsync();
        var blank = Path.Combine(lab.Folder, "blank.qcow2");
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", blank, "64M"], TestContext.Current.CancellationToken)).Succeeded();
        using var world = await MachineWorld.OpenAsync(lab, "e2e-silent", ("image", blank), ("ready", "22"), ("limit", 8), ("shutdown", 1));

        // The firmware finds nothing to boot.
        var ended = (await world.Workspace.UpAsync()).WithOneError(9, "PROV1512");
        Assert.Contains("box-1", ended.All, StringComparison.Ordinal);
        Assert.Contains("address", ended.All, StringComparison.Ordinal);
        Assert.Contains("lease", ended.All, StringComparison.Ordinal);

        // The kernel panics as soon as it is told to, after every boot.
        world.Set(("command", "echo c >/proc/sysrq-trigger"), ("ready", "22"), ("limit", 60), ("shutdown", 1));
        ended = (await world.Workspace.UpAsync()).WithOneError(4, "PROV1510");
        Assert.Contains("its kernel gave up (Kernel panic - not syncing: sysrq triggered crash)", ended.All, StringComparison.Ordinal);
        Assert.Contains("The end of its console:", ended.All, StringComparison.Ordinal);

        world.Set(("shutdown", 1));
        (await world.Workspace.UpAsync()).With(0);
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);

        // Taken away by hand, it leaves its log.
        await lab.VirshAsync("destroy", world.Box);
        await lab.VirshAsync("undefine", world.Box);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }

    private static async Task ConvergesAsync(MachineWorld world)
    {
        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal("running", await world.StateAsync());
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }
}
