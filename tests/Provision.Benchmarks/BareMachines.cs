using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Benchmarks;

/// <summary>
/// The same machines by libvirt's calls alone, in a loop of the given width: no plan, no state, no look at what is there. It runs inside the lab, where
/// machines are reached, and is told by lines of standard input what to do; it answers each with the seconds that took.
/// </summary>
internal sealed class BareMachines(LibvirtConnection libvirt, string folder, LabGuest guest, int count, int width)
{
    private const string Name = "bare";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Arguments: uri, folder, kernel, ramdisk, disk, count, width.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var libvirt = new LibvirtConnection(LibvirtEndpoint.Of(arguments[0]), TimeProvider.System);
        var machines = new BareMachines(
            libvirt, arguments[1], new LabGuest(arguments[2], arguments[3], arguments[4]),
            int.Parse(arguments[5], CultureInfo.InvariantCulture), int.Parse(arguments[6], CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync() is { } word)
        {
            var started = Stopwatch.GetTimestamp();
            await (word switch
            {
                "up" => machines.UpAsync(),
                "reset" => machines.EachAsync(machines.ResetAsync),
                "destroy" => machines.DestroyAsync(),
                _ => throw new ArgumentException($"There is no '{word}'.", nameof(arguments)),
            });
            await Console.Out.WriteLineAsync(Stopwatch.GetElapsedTime(started).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private async Task UpAsync()
    {
        await DoAsync(connect =>
        {
            using var pool = connect.DefinePool($"<pool type='dir'><name>{Name}</name><target><path>{folder}</path></target></pool>");
            pool.Build();
            pool.Start();
            using var network = connect.DefineNetwork($"""
                <network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
                  <name>{Name}</name><forward mode='nat'/>
                  <ip address='10.55.0.1' netmask='255.255.255.0'><dhcp><range start='10.55.0.2' end='10.55.0.254'/></dhcp></ip>
                  <dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options>
                </network>
                """);
            network.Start();
        });
        await EachAsync(async i =>
        {
            var seed = await SeedAsync(i);
            await DoAsync(connect =>
            {
                using var pool = connect.PoolByName(Name);
                MakeDisk(pool, i);
                using var volume = pool.CreateVolume($"<volume><name>{Machine(i)}-seed.iso</name><capacity>{seed.Length}</capacity><target><format type='raw'/></target></volume>");
                connect.Upload(volume, new MemoryStream(seed), seed.Length, _ => { }, CancellationToken.None);
                using var domain = connect.DefineDomain(Xml(i));
                domain.Start();
            });
            await AnswersAsync(i);
        });
    }

    private async Task ResetAsync(int i)
    {
        await DoAsync(connect =>
        {
            using var domain = connect.DomainByName(Machine(i));
            domain.PowerOff();
            using var pool = connect.PoolByName(Name);
            using (var disk = pool.VolumeByName($"{Machine(i)}.qcow2"))
            {
                disk.Delete();
            }

            MakeDisk(pool, i);
            domain.Start();
        });
        await AnswersAsync(i);
    }

    private async Task DestroyAsync()
    {
        await EachAsync(async i =>
        {
            await DoAsync(connect =>
            {
                using var domain = connect.DomainByName(Machine(i));
                domain.Shutdown();
            });
            while (await libvirt.AskAsync("look", connect =>
            {
                using var domain = connect.DomainByName(Machine(i));
                return domain.State().IsActive;
            }, CancellationToken.None))
            {
                await Task.Delay(Pause, TimeProvider.System);
            }

            await DoAsync(connect =>
            {
                using var domain = connect.DomainByName(Machine(i));
                domain.Undefine();
                using var pool = connect.PoolByName(Name);
                foreach (var name in new[] { $"{Machine(i)}.qcow2", $"{Machine(i)}-seed.iso" })
                {
                    using var volume = pool.VolumeByName(name);
                    volume.Delete();
                }
            });
        });
        await DoAsync(connect =>
        {
            using var network = connect.NetworkByName(Name);
            network.Stop();
            network.Undefine();
            using var pool = connect.PoolByName(Name);
            pool.Stop();
            pool.Remove();
            pool.Undefine();
        });
    }

    private async Task EachAsync(Func<int, Task> workAsync) =>
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = width }, async (i, _) => await workAsync(i));

    private Task DoAsync(Action<ConnectHandle> call) => libvirt.ChangeAsync("measure", call, CancellationToken.None);

    private void MakeDisk(PoolHandle pool, int i)
    {
        using var volume = pool.CreateVolume($"""
            <volume><name>{Machine(i)}.qcow2</name><capacity>67108864</capacity><target><format type='qcow2'/></target>
              <backingStore><path>{guest.Disk}</path><format type='qcow2'/></backingStore></volume>
            """);
    }

    private async Task AnswersAsync(int i)
    {
        while (true)
        {
            var leases = await libvirt.AskAsync("look", connect =>
            {
                using var network = connect.NetworkByName(Name);
                return network.Leases(Mac(i));
            }, CancellationToken.None);
            if (leases is [var lease, ..])
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                try
                {
                    await socket.ConnectAsync(IPAddress.Parse(lease.Address), 22, limit.Token);
                    return;
                }
                catch (Exception exception) when (exception is SocketException or OperationCanceledException)
                {
                    // It still boots.
                }
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static async Task<byte[]> SeedAsync(int i)
    {
        var content = Directory.CreateTempSubdirectory("provision-bench-seed-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(content.FullName, "user-data"), "#!/bin/sh\nexit 0\n");
            await File.WriteAllTextAsync(Path.Combine(content.FullName, "meta-data"), $"instance-id: {Machine(i)}\nlocal-hostname: {Machine(i)}\n");
            var image = Path.Combine(content.FullName, "seed.iso");
            (await LabProcess.RunAsync(
                "genisoimage", ["-quiet", "-output", image, "-volid", "cidata", "-joliet", "-rock", Path.Combine(content.FullName, "user-data"), Path.Combine(content.FullName, "meta-data")],
                CancellationToken.None)).Succeeded();
            return await File.ReadAllBytesAsync(image);
        }
        finally
        {
            content.Delete(recursive: true);
        }
    }

    private string Xml(int i) => $"""
        <domain type='qemu'><name>{Machine(i)}</name><memory unit='MiB'>96</memory><vcpu>1</vcpu>
          <os><type arch='x86_64' machine='q35'>hvm</type><kernel>{guest.Kernel}</kernel><initrd>{guest.Initrd}</initrd>
            <cmdline>console=ttyS0 quiet panic=-1 mitigations=off cryptomgr.notests no_timer_check nokaslr</cmdline></os>
          <features><acpi/><apic/><tcg><tb-cache unit='MiB'>32</tb-cache></tcg></features>
          <devices>
            <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{folder}/{Machine(i)}.qcow2'/><target dev='vda' bus='virtio'/><serial>root</serial></disk>
            <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{folder}/{Machine(i)}-seed.iso'/><target dev='vdb' bus='virtio'/><readonly/></disk>
            <interface type='network'><mac address='{Mac(i)}'/><source network='{Name}'/><model type='virtio'/><rom enabled='no'/></interface>
            <serial type='pty'/><memballoon model='none'/><controller type='usb' model='none'/>
          </devices>
        </domain>
        """;

    private static string Machine(int i) => string.Create(CultureInfo.InvariantCulture, $"{Name}-{i:000}");

    private static string Mac(int i) => string.Create(CultureInfo.InvariantCulture, $"52:54:00:be:{i / 256:x2}:{i % 256:x2}");
}
