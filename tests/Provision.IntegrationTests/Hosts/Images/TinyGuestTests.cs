using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts.Images;

/// <summary>Machines of a kernel and a tiny root file system, made by the resources and started by QEMU itself: everything but libvirt.</summary>
public sealed class TinyGuestTests : IAsyncLifetime
{
    // Generous: other tests boot and build beside this one.
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(90);

    private readonly HostWorld _roots = new(HostTypes.RootFileSystem);
    private readonly HostWorld _kernels = new(HostTypes.BootKernel);
    private readonly HostWorld _images = new(HostTypes.DiskImage);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => _images.Folder;

    public async ValueTask InitializeAsync()
    {
        await HostFacts.NeedPackageAsync("busybox-static", Token);
        DiskWorld.Need("qemu-system-x86_64", "qemu-img", "mke2fs", "genisoimage", "ssh", "ssh-keygen", "flock");
    }

    public async ValueTask DisposeAsync()
    {
        await _images.DisposeAsync();
        await _kernels.DisposeAsync();
        await _roots.DisposeAsync();
    }

    [Fact]
    public async Task It_boots_takes_its_seed_runs_its_command_and_keeps_its_data()
    {
        var kernel = await KernelAsync();
        var image = await ImageAsync(PropertyMap.Of(
            ("files", PropertyValue.ListOf([PropertyMap.Of(("path", "/www/index.html"), ("content", "it's the guest\n"))])),
            ("command", PropertyValue.ListOf(["httpd", "-f", "-h", "/www"]))));
        var key = $"{Folder}/key";
        (await LabProcess.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], Token)).Succeeded();
        var seed = await SeedAsync("box-1", $$"""
            #!/bin/sh
            umask 077
            mkdir -p /root/.ssh
            echo '{{(await File.ReadAllTextAsync(key + ".pub", Token)).Trim()}}' >/root/.ssh/authorized_keys
            mount-data data /srv/data
            echo "boot $(hostname)" >>/srv/data/boots

            """);
        await DiskAsync("root.qcow2", "1G", image);
        await DiskAsync("data.qcow2", "300M", null);
        (string, string)[] disks = [($"{Folder}/data.qcow2", "data"), ($"{Folder}/root.qcow2", "root")];

        string hostKey;
        await using (var guest = RunningGuest.Start(Folder, kernel.Kernel, kernel.Initrd, 96, seed, disks))
        {
            await guest.SaysAsync("provision: box-1 is up after", BootLimit, Token);
            using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{guest.HttpPort}")), Timeout = BootLimit };
            Assert.Equal("it's the guest\n", await http.GetStringAsync("/", Token));
            var looked = (await guest.SshAsync(key, "hostname; df -m / /srv/data | awk 'NR > 1 { print $2 > 250 }'; stat -c %u:%g /www/index.html /bin/busybox; cat /srv/data/boots; cat /etc/dropbear/* | sha256sum", Token)).Succeeded().Split('\n');
            Assert.Equal(["box-1", "1", "1", "0:0", "0:0", "boot box-1"], looked[..6]);
            hostKey = looked[6];
            var intruder = await guest.SshAsync("/dev/null", "true", Token);
            Assert.Equal(255, intruder.ExitCode);

            // The command comes back when it ends, and what it was says why.
            await guest.SshAsync(key, "killall httpd", Token);
            await guest.SaysAsync("provision: the command ended with exit code 143, and is started again", BootLimit, Token);

            // The console has a shell.
            await guest.TypeAsync("echo on the $((6 * 7))nd console");
            await guest.SaysAsync("on the 42nd console", BootLimit, Token);
            Assert.True(await guest.PressPowerAsync(TimeSpan.FromSeconds(30), Token) < TimeSpan.FromSeconds(10));
        }

        await using (var guest = RunningGuest.Start(Folder, kernel.Kernel, kernel.Initrd, 96, seed, disks))
        {
            await guest.SaysAsync("provision: box-1 is up after", BootLimit, Token);
            Assert.Equal($"boot box-1\nboot box-1\n{hostKey}\n", (await guest.SshAsync(key, "cat /srv/data/boots; cat /etc/dropbear/* | sha256sum", Token)).Succeeded());
        }
    }

    [Fact]
    public async Task Without_a_root_disk_it_says_so_and_switches_itself_off()
    {
        var kernel = await KernelAsync();
        await using (var none = RunningGuest.Start(Folder, kernel.Kernel, kernel.Initrd, 96, null))
        {
            await none.SaysAsync("provision: no root disk: there is neither a disk with the serial number 'root' nor /dev/vda", BootLimit, Token);
            await none.EndsAsync(BootLimit, Token);
        }

        await DiskAsync("blank.qcow2", "64M", null);
        await using var blank = RunningGuest.Start(Folder, kernel.Kernel, kernel.Initrd, 96, null, ($"{Folder}/blank.qcow2", "root"));
        await blank.SaysAsync("provision: the root disk /dev/vda cannot be mounted: it holds no file system, or a broken one", BootLimit, Token);
        await blank.EndsAsync(BootLimit, Token);
    }

    [Fact]
    public async Task Without_a_seed_it_still_comes_up_and_a_disk_with_something_on_it_is_left_as_it_is()
    {
        var kernel = await KernelAsync();
        await DiskAsync("root.qcow2", "64M", await ImageAsync(PropertyMap.Empty));
        var raw = $"{Folder}/foreign.raw";
        var foreign = new byte[4 * 1024 * 1024];
        foreign[70_000] = 1;
        await File.WriteAllBytesAsync(raw, foreign, Token);
        (await LabProcess.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, $"{Folder}/foreign.qcow2"], Token)).Succeeded();

        await using var guest = RunningGuest.Start(
            Folder, kernel.Kernel, kernel.Initrd, 96, null, ($"{Folder}/root.qcow2", "root"), ($"{Folder}/foreign.qcow2", "foreign"));
        await guest.SaysAsync("provision: tiny is up after", BootLimit, Token);
        await guest.TypeAsync("mount-data foreign /srv/data; mount-data nowhere /srv/none; poweroff");
        await guest.SaysAsync("provision: the disk 'foreign' holds something that cannot be mounted on /srv/data; it is left as it is", BootLimit, Token);
        await guest.SaysAsync("provision: there is no disk with the serial number 'nowhere' for /srv/none", BootLimit, Token);
        await guest.EndsAsync(BootLimit, Token);
        (await LabProcess.RunAsync("qemu-img", ["convert", "-f", "qcow2", "-O", "raw", $"{Folder}/foreign.qcow2", raw], Token)).Succeeded();
        Assert.Equal(foreign, await File.ReadAllBytesAsync(raw, Token));
    }

    [Fact]
    public async Task The_kernel_and_image_are_made_once_shared_and_go_with_their_last_user()
    {
        var inputs = PropertyMap.Of(("path", $"{_kernels.Folder}/kernels"));
        var created = await _kernels.CreateAsync(inputs, Token);
        Assert.Equal(created.Outputs, Assert.IsType<ReadResponse.Found>(await _kernels.ReadAsync(created.Id, inputs, created.Outputs, Token)).Outputs);
        await using var others = new HostWorld(HostTypes.BootKernel) { Urn = Urn.Create("other", "provision", null, HostTypes.BootKernel, "it") };
        var theirs = await others.CreateAsync(inputs, Token);
        Assert.Equal((created.Id, 0), (theirs.Id, others.Texts.Count));

        await _kernels.DeleteAsync(created.Id, inputs, created.Outputs, Token);
        Assert.Equal($"{created.Id} stays: others use it", _kernels.Texts[^1]);
        await others.DeleteAsync(theirs.Id, inputs, theirs.Outputs, Token);
        Assert.False(Directory.Exists($"{_kernels.Folder}/kernels"));
    }

    [Fact]
    public async Task A_root_with_secrets_in_it_does_not_become_an_image()
    {
        var root = await _roots.CreateAsync(
            PropertyMap.Of(("path", $"{_roots.Folder}/roots"),
                ("files", PropertyValue.ListOf([PropertyMap.Of(("path", "/key"), ("content", new PropertyValue.Secret("marker-5")))]))), Token);

        var failed = await Assert.ThrowsAsync<ProviderException>(
            () => _images.CreateAsync(PropertyMap.Of(("folder", $"{Folder}/images"), ("rootFileSystem", root.Id)), Token));

        Assert.Equal($"{root.Id} holds secret files, and a disk image can be read by everybody on the host.", failed.Message);
        Assert.False(Directory.Exists($"{Folder}/images"));
    }

    private async Task<(string Kernel, string Initrd)> KernelAsync()
    {
        var created = await _kernels.CreateAsync(PropertyMap.Of(("path", $"{_kernels.Folder}/kernels")), Token);
        return (Text(created.Outputs["kernel"]), Text(created.Outputs["initrd"]));
    }

    private async Task<string> ImageAsync(PropertyMap root)
    {
        var made = await _roots.CreateAsync(root.With("path", $"{_roots.Folder}/roots"), Token);
        var image = await _images.CreateAsync(PropertyMap.Of(("folder", $"{Folder}/images"), ("rootFileSystem", made.Id)), Token);
        Assert.InRange(new FileInfo(Text(image.Outputs["path"])).Length, 1_000_000, 12_000_000);
        return Text(image.Outputs["path"]);
    }

    private async Task DiskAsync(string name, string size, string? image) => (await LabProcess.RunAsync(
        "qemu-img",
        ["create", "-q", "-f", "qcow2", .. image is null ? [] : (string[])["-b", image, "-F", "qcow2"], $"{Folder}/{name}", size], Token)).Succeeded();

    private async Task<string> SeedAsync(string name, string userData)
    {
        var folder = Directory.CreateDirectory($"{Folder}/seed").FullName;
        await File.WriteAllTextAsync($"{folder}/user-data", userData, Token);
        await File.WriteAllTextAsync($"{folder}/meta-data", $"instance-id: one\nlocal-hostname: {name}\n", Token);
        (await LabProcess.RunAsync("genisoimage", ["-quiet", "-output", $"{Folder}/seed.iso", "-volid", "cidata", "-joliet", "-rock", folder], Token)).Succeeded();
        return $"{Folder}/seed.iso";
    }

    private static string Text(PropertyValue value) => ((PropertyValue.String)value).Value;
}
