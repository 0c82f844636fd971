using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts.Images;

/// <summary>A Debian put together from this machine's own package mirror. It takes a minute or two, so there is one test of all of it.</summary>
public sealed class DebianGuestTests : IAsyncLifetime
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(4);

    private readonly HostWorld _kernels = new(HostTypes.BootKernel);
    private readonly HostWorld _images = new(HostTypes.DiskImage);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => _images.Folder;

    public async ValueTask InitializeAsync()
    {
        await HostFacts.NeedPackageAsync("busybox-static", Token);
        DiskWorld.Need("qemu-system-x86_64", "qemu-img", "mke2fs", "mmdebstrap", "genisoimage", "ssh", "ssh-keygen", "flock");
        var suite = (await File.ReadAllLinesAsync("/etc/os-release", Token)).FirstOrDefault(line => line.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal));
        Assert.SkipUnless(suite == "VERSION_CODENAME=bookworm", "needs the package mirror of Debian 12");
    }

    public async ValueTask DisposeAsync()
    {
        await _images.DisposeAsync();
        await _kernels.DisposeAsync();
    }

    [Fact]
    public async Task It_boots_takes_its_seed_and_has_its_kernels_modules()
    {
        var kernel = (await _kernels.CreateAsync(PropertyMap.Of(("path", $"{_kernels.Folder}/kernels")), Token)).Outputs;
        var image = (await _images.CreateAsync(
            PropertyMap.Of(
                ("folder", $"{Folder}/images"), ("modules", kernel["path"]),
                ("debian", PropertyMap.Of(("suite", "bookworm"), ("packages", PropertyValue.ListOf(["netcat-openbsd"]))))),
            Token)).Outputs;
        var (key, seed, disk) = ($"{Folder}/key", Directory.CreateDirectory($"{Folder}/seed").FullName, $"{Folder}/root.qcow2");
        (await LabProcess.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], Token)).Succeeded();
        await File.WriteAllTextAsync($"{seed}/meta-data", "instance-id: one\nlocal-hostname: deb-1\n", Token);
        await File.WriteAllTextAsync($"{seed}/user-data", $$"""
            #!/bin/sh
            umask 077
            mkdir -p /root/.ssh
            echo '{{(await File.ReadAllTextAsync(key + ".pub", Token)).Trim()}}' >/root/.ssh/authorized_keys
            echo 'the seed has been read'

            """, Token);
        (await LabProcess.RunAsync("genisoimage", ["-quiet", "-output", $"{Folder}/seed.iso", "-volid", "cidata", "-joliet", "-rock", seed], Token)).Succeeded();
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-b", Text(image["path"]), "-F", "qcow2", disk, "3G"], Token)).Succeeded();

        await using var guest = RunningGuest.Start(
            Folder, Text(kernel["kernel"]), Text(kernel["initrd"]), 256, $"{Folder}/seed.iso", (disk, "root"));
        await guest.SaysAsync("the seed has been read", BootLimit, Token);
        await guest.SaysAsync("login: root (automatic login)", BootLimit, Token);
        await guest.SshGreetsAsync(BootLimit);
        var looked = (await guest.SshAsync(
            key, "hostname; df -m / | awk 'NR > 1 { print ($2 > 2500) }'; modprobe overlay && echo overlay; command -v nc; stat -c %U:%G /usr/bin/nc; systemctl --failed --no-legend",
            Token)).Succeeded();
        Assert.Equal("deb-1\n1\noverlay\n/usr/bin/nc\nroot:root\n", looked);
        await guest.PressPowerAsync(BootLimit, Token);
    }

    private static string Text(PropertyValue value) => ((PropertyValue.String)value).Value;
}
