using Xunit;

namespace Provision.IntegrationTests.Lab;

/// <summary>The lab with virtual machines: it is quickly there, it is whole, and it leaves nothing.</summary>
public sealed class LibvirtLabTests
{
    /// <summary>The firmware finds nothing to boot and stays; that is a machine as far as libvirt and a lab are concerned.</summary>
    private const string Bare = """
        <domain type='qemu'>
          <name>bare</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices>
            <interface type='network'><source network='labnet'/><model type='virtio'/><rom enabled='no'/></interface>
            <serial type='pty'/><memballoon model='none'/><controller type='usb' model='none'/>
          </devices>
        </domain>
        """;

    private const string Network = """
        <network>
          <name>labnet</name><forward mode='nat'/><bridge name='labnet0'/>
          <ip address='10.98.0.1' netmask='255.255.255.0'><dhcp><range start='10.98.0.10' end='10.98.0.20'/></dhcp></ip>
        </network>
        """;

    [Fact]
    public async Task A_lab_runs_machines_beside_containers_and_leaves_nothing_behind()
    {
        var lab = new LibvirtLab();
        await lab.ReadyAsync();
        await lab.Docker.ReadyAsync();
        await RunMachineAsync(lab.Folder, lab.Uri);
        Assert.Equal(["bare"], await lab.NamesAsync("list"));
        Assert.Contains("labnet0", (await lab.RunInsideAsync("ip", "link")).Succeeded(), StringComparison.Ordinal);
        Assert.Contains("bare", (await lab.RunInsideAsync("virsh", "-c", "qemu:///system", "list")).Succeeded(), StringComparison.Ordinal);
        Assert.DoesNotContain("labnet0", (await LabProcess.RunAsync("ip", ["link"], TestContext.Current.CancellationToken)).Succeeded(), StringComparison.Ordinal);

        await lab.DisposeAsync();

        Assert.Empty(LabTraces.Of(lab.Namespace));
    }

    [Fact]
    public async Task The_labs_guest_boots_and_answers()
    {
        await using var lab = new LibvirtLab();
        var guest = await lab.GuestReadyAsync();
        var disk = Path.Combine(lab.Folder, "guest.qcow2");
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", guest.Disk, disk], TestContext.Current.CancellationToken)).Succeeded();
        await RunMachineAsync(lab.Folder, lab.Uri, Guest(guest, disk));

        var address = "";
        await LabNamespaces.UntilAsync(
            async () => (address = await lab.VirshAsync("domifaddr", "bare")).Contains("10.98.0.", StringComparison.Ordinal), TimeSpan.FromSeconds(60), () => "no address");
        var found = address.Split(' ', StringSplitOptions.RemoveEmptyEntries).Single(word => word.StartsWith("10.98.0.", StringComparison.Ordinal)).Split('/')[0];
        Assert.Equal("tiny", await lab.HttpGetAsync($"http://{found}/"));
    }

    [Fact]
    public async Task Machines_outlive_a_restart_and_the_death_of_libvirtd()
    {
        await using var lab = new LibvirtLab();
        await lab.ReadyAsync();
        await RunMachineAsync(lab.Folder, lab.Uri);
        var process = await EmulatorAsync();

        await lab.RestartLibvirtdAsync();
        Assert.Equal(["bare"], await lab.NamesAsync("list"));
        await lab.KillLibvirtdAsync();
        await lab.StartLibvirtdAsync();
        Assert.Equal(["bare"], await lab.NamesAsync("list"));

        Assert.Equal(process, await EmulatorAsync());
        await lab.VirshAsync("destroy", "bare");
        Assert.Empty(await lab.NamesAsync("list"));

        async Task<string> EmulatorAsync() => (await lab.RunInsideAsync("pidof", "qemu-system-x86_64")).Succeeded();
    }

    [Fact]
    public async Task A_lab_whose_user_is_killed_takes_its_machines_down()
    {
        Assert.SkipWhen(await LabPackages.EnsureMachinesAsync(TestContext.Current.CancellationToken) is not null, "no lab with machines can run here");

        await LabTraces.KillUserAsync($"provkill{Environment.ProcessId}v", ["virtlogd", "libvirtd"], async folder =>
        {
            var uri = $"qemu:///system?socket={folder}/run/libvirt/libvirt-sock";
            await LabNamespaces.UntilAsync(
                async () => (await LabProcess.RunAsync("virsh", ["-c", uri, "version"], TestContext.Current.CancellationToken)).ExitCode == 0,
                TimeSpan.FromSeconds(30), () => "libvirtd does not start");
            await RunMachineAsync(folder, uri);
        });
    }

    private static string Guest(LabGuest guest, string disk) => Bare
        .Replace(">32<", ">96<", StringComparison.Ordinal)
        .Replace("</os>", $"<kernel>{guest.Kernel}</kernel><initrd>{guest.Initrd}</initrd><cmdline>console=ttyS0 quiet</cmdline></os><features><acpi/></features>", StringComparison.Ordinal)
        .Replace("<devices>", $"<devices><disk type='file'><driver name='qemu' type='qcow2'/><source file='{disk}'/><target dev='vda' bus='virtio'/></disk>", StringComparison.Ordinal);

    private static async Task RunMachineAsync(string folder, string uri, string xml = Bare)
    {
        var (network, machine) = (Path.Combine(folder, "network.xml"), Path.Combine(folder, "machine.xml"));
        await File.WriteAllTextAsync(network, Network, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(machine, xml, TestContext.Current.CancellationToken);
        foreach (var command in new string[][] { ["net-define", network], ["net-start", "labnet"], ["define", machine], ["start", "bare"] })
        {
            (await LabProcess.RunAsync("virsh", ["-c", uri, .. command], TestContext.Current.CancellationToken)).Succeeded();
        }
    }
}
