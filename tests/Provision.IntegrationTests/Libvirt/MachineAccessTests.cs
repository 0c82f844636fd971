using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Libvirt.Access;
using Xunit;

namespace Provision.IntegrationTests.Libvirt;

/// <summary>Machines reached beside their resources, on a real libvirtd. The guest is a firmware that finds nothing to boot: deaf, and at its console.</summary>
public sealed class MachineAccessTests(LibvirtLab lab)
{
    private const string Uuid = "7d0c1f6e-52c5-4b7e-9a55-2a8d5f0c7b11";

    private const string Machine = $"""
        <domain type='qemu'>
          <name>access</name><uuid>{Uuid}</uuid><memory unit='MiB'>32</memory><vcpu>1</vcpu>
          <os><type arch='x86_64' machine='q35'>hvm</type><bios useserial='yes'/></os>
          <features><acpi/></features>
          <devices><serial type='pty'/><memballoon model='none'/><controller type='usb' model='none'/></devices>
        </domain>
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_is_seen_heard_taken_over_and_powered_off()
    {
        await lab.ReadyAsync();
        var file = Path.Combine(lab.Folder, "access.xml");
        await File.WriteAllTextAsync(file, Machine, Token);
        await lab.VirshAsync("define", file);
        await using var access = LibvirtAccess.Open(PropertyMap.Of(("uri", lab.Uri)), TimeProvider.System);
        try
        {
            Assert.Equal(MachinePower.Off, (await SeeAsync()).Power);
            var before = DateTimeOffset.UtcNow;
            await access.StartAsync(Uuid, Token);
            var status = await SeeAsync();
            Assert.Equal(("access", MachinePower.Running), (status.Name, status.Power));

            // Its process says so, to a hundredth of a second of the kernel's clock.
            Assert.InRange(status.StartedAt ?? default, before.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));

            // The firmware speaks on the serial line, once a start: it is started again when somebody listens.
            await using (var console = await access.OpenConsoleAsync(Uuid, force: false, Token))
            {
                await console.WriteAsync("x"u8.ToArray(), Token);
                await lab.VirshAsync("reset", "access");
                Assert.NotEqual(0, await console.ReadAsync(new byte[64], Token));
                var refused = await Assert.ThrowsAsync<ProviderException>(() => access.OpenConsoleAsync(Uuid, force: false, Token));
                Assert.Equal((ProviderFailure.Conflict, "Somebody else has the console open."), (refused.Failure, refused.Message));
                await using var taken = await access.OpenConsoleAsync(Uuid, force: true, Token);
                while (await console.ReadAsync(new byte[4096], Token) > 0)
                {
                }
            }

            // It hears no power button, so its limit is what ends it; and the end of the machine is the end of its console.
            await using var last = await access.OpenConsoleAsync(Uuid, force: true, Token);
            Assert.False(await access.ShutDownAsync(Uuid, TimeSpan.FromSeconds(1), new Silent(), Token));
            while (await last.ReadAsync(new byte[4096], Token) > 0)
            {
            }

            Assert.Equal(MachinePower.Off, (await SeeAsync()).Power);
        }
        finally
        {
            await access.PowerOffAsync(Uuid, CancellationToken.None);
            await lab.TryVirshAsync("undefine", "access");
        }

        async Task<MachineStatus> SeeAsync() => (await access.StatusesAsync([Uuid], Token))[Uuid];
    }

    private sealed class Silent : IStepProgress
    {
        public void Report(string text, long? done = null, long? total = null)
        {
        }
    }
}
