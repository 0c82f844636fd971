using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>What few machines have: another firmware, a TPM, a screen, a network that gives no addresses.</summary>
public sealed class MachineDeviceTests(LibvirtLab lab)
{
    [Fact]
    public async Task Uefi_a_tpm_and_a_screen_come_with_the_machine_and_go_with_it()
    {
        using var world = await MachineWorld.OpenAsync(lab, "e2e-devices", ("firmware", "Uefi"), ("tpm", true), ("screen", "Vnc"), ("memory", "192MiB"));

        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal("/sys/firmware/efi tpm0", await world.InBoxAsync("echo $(ls -d /sys/firmware/efi) $(ls /sys/class/tpm)"));
        Assert.StartsWith("127.0.0.1:", await lab.VirshAsync("vncdisplay", world.Box), StringComparison.Ordinal);
        var (state, variables) = (Path.Combine(lab.Folder, "var/lib/libvirt/swtpm", await world.UuidAsync()), Path.Combine(lab.Folder, $"var/lib/libvirt/qemu/nvram/{world.Box}_VARS.fd"));
        Assert.True(Directory.Exists(state), state);
        Assert.True(File.Exists(variables), variables);
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);

        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
        Assert.False(Directory.Exists(state), state);
    }

    [Fact]
    public async Task An_address_that_a_machine_gave_itself_is_learnt_from_its_neighbours()
    {
        using var world = await MachineWorld.OpenAsync(
            lab, "e2e-neighbour", ("dhcp", false), ("subnet", "10.123.47.0/24"),
            ("command", "ip addr add 10.123.47.9/24 dev eth0 && ping -c 1 -W 5 10.123.47.1"));

        var up = (await world.Workspace.UpAsync()).With(0);
        Assert.DoesNotContain("nlmsg", up.All, StringComparison.Ordinal);
        Assert.Equal("10.123.47.9", await world.Workspace.OutputAsync("address"));
        Assert.Equal("box-1", await world.InBoxAsync("hostname"));

        // It is forgotten after a while of silence, which is no change of the machine's.
        (await lab.RunInsideAsync("ip", "neigh", "flush", "all")).Succeeded();
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }
}
