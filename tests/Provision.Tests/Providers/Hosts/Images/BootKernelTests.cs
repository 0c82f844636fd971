using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Provision.Providers.Hosts.Images;
using Xunit;

namespace Provision.Tests.Providers.Hosts.Images;

public sealed class BootKernelTests : IAsyncDisposable
{
    private const string Meta = "Package: linux-image-cloud-amd64\nVersion: 6.1.192-2\nDepends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)\n";
    private const string Real = "Package: linux-image-6.1.0-56-cloud-amd64\nVersion: 6.1.192-2\nDepends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2)\n";

    private readonly FakeTransport _host = new();
    private readonly HostRequests _kernel = new(HostTypes.BootKernel, "kernel");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_name_of_convenience_leads_to_the_package_that_holds_the_kernel()
    {
        Assert.Equal(["linux-image-6.1.0-56-cloud-amd64=6.1.192-2"], KernelPackages.Concrete("linux-image-cloud-amd64", Meta));
        Assert.Equal(["linux-image-6.1.0-56-cloud-amd64=6.1.192-2"], KernelPackages.Concrete("linux-image-6.1.0-56-cloud-amd64", Real));
        Assert.Equal(
            ["linux-image-6.8.0-31-generic=6.8.0-31.31", "linux-modules-6.8.0-31-generic"],
            KernelPackages.Concrete("linux-image-6.8.0-31-generic", "Version: 6.8.0-31.31\nDepends: kmod, linux-modules-6.8.0-31-generic\n"));
        Assert.Empty(KernelPackages.Concrete("linux-image-cloud-amd64", "N: Unable to locate package\n"));
    }

    [Fact]
    public async Task The_lists_are_fetched_once_where_no_kernel_is_known()
    {
        Busybox();
        _host.On("dpkg --print-architecture", "amd64\n").On("apt-cache show *", "", 100).On("*apt-get* update", "", 0).On("dpkg --audit", "");

        var failed = await Assert.ThrowsAsync<ProviderException>(
            () => HostRequests.Provider(_host).CreateAsync(_kernel.Create(PropertyMap.Empty), Token));

        Assert.Equal("No package source of this host has linux-image-cloud-amd64 or linux-image-virtual or linux-image-amd64.", failed.Message);
        Assert.Single(_host.Lines, line => line.Contains("apt-get", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_folder_is_named_after_the_package_and_what_starts_it()
    {
        Busybox();
        _host.On("dpkg --print-architecture", "amd64\n").On("apt-cache show *", "", 100)
            .On("apt-cache show --no-all-versions -- linux-image-cloud-amd64", Meta).On("apt-cache show --no-all-versions -- linux-image-6.1.0-56*", Real)
            .On("sh -c *", command => new CommandResult(0, System.Text.Encoding.UTF8.GetBytes($"= path {command.Arguments[3]}/{command.Arguments[4]}\n= version 6.1.192-2\n= release 6.1.0-56\n= generation 4\n"), ""));

        var created = await HostRequests.Provider(_host).CreateAsync(_kernel.Create(PropertyMap.Empty), Token);

        Assert.Matches(@"\A/var/lib/provision/kernels/[0-9a-f]{32}\z", created.Id);
        Assert.Equal(
            PropertyMap.Of(
                ("path", created.Id), ("kernel", $"{created.Id}/vmlinuz"), ("initrd", $"{created.Id}/initrd.img"), ("version", "6.1.192-2"),
                ("release", "6.1.0-56"), ("digest", created.Id[^32..]), ("generation", 4)),
            created.Outputs);
    }

    [Fact]
    public async Task A_busybox_that_cannot_start_a_guest_is_refused()
    {
        Busybox("bin/sh\nbin/mount\n");

        var failed = await Assert.ThrowsAsync<ProviderException>(
            () => HostRequests.Provider(_host).CreateAsync(_kernel.Create(PropertyMap.Empty), Token));

        Assert.StartsWith("/bin/busybox lacks what a guest needs before its disk is mounted: modprobe, switch_root", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ramdisk_looks_for_the_root_by_its_serial_number_and_says_why_it_stops()
    {
        var init = InitialRamdisk.Init;

        Assert.Contains("[ \"$serial\" = root ] || continue", init, StringComparison.Ordinal);
        Assert.Contains("0x1004|0x1048) extra=\"$extra virtio_scsi sd_mod\" ;;", init, StringComparison.Ordinal);
        Assert.All(init.Split('\n').Where(line => line.Contains("stop \"", StringComparison.Ordinal)), line => Assert.Contains("root disk", line, StringComparison.Ordinal));
        Assert.EndsWith("exec switch_root /root /sbin/init\n", init, StringComparison.Ordinal);
    }

    private void Busybox(string? applets = null)
    {
        var elf = new byte[128];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(elf, 0);
        _host.Files["/bin/busybox"] = (elf, default);
        _host.On("sha256sum -- /bin/busybox", new string('b', 64) + "  /bin/busybox\n")
            .On("/bin/busybox --list-full", applets ?? string.Join('\n', InitialRamdisk.Applets.Select(applet => $"bin/{applet}")));
    }
}
