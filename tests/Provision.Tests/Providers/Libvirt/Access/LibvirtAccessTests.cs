using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Access;
using Provision.Tests.Providers.Hosts;
using Provision.Tests.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt.Access;

/// <summary>On libvirt's test driver.</summary>
public sealed class LibvirtAccessTests
{
    /// <summary>The one machine of the test driver's default world, which runs.</summary>
    private const string Running = "6695eb01-f6a4-8304-79aa-97f2502e193f";

    private const string Nobody = "51d3bd38-1f9d-4f4a-8e93-58a1a2d3f0ee";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hypervisor_describes_itself()
    {
        await using var access = Open();

        var said = await access.DescribeAsync(Token);

        Assert.Equal("TEST", said.Driver.ToUpperInvariant());
        Assert.True(said.LibraryVersion >= new Version(6, 0));
        Assert.Equal(said.LibraryVersion, said.DaemonVersion);
    }

    [Fact]
    public async Task Machines_are_looked_at_together_and_those_that_are_gone_are_left_out()
    {
        await using var access = Open();
        var seen = await access.StatusesAsync([Running, Nobody, "no uuid at all"], Token);

        Assert.Equal([Running], seen.Keys);
        Assert.Equal(MachinePower.Running, seen[Running].Power);
    }

    [Fact]
    public async Task A_machine_is_shut_down_started_and_powered_off()
    {
        await using var access = Open();
        const string machine = Running;

        Assert.True(await access.ShutDownAsync(machine, TimeSpan.FromSeconds(20), new RecordedProgress(), Token));
        Assert.Equal(MachinePower.Off, await PowerAsync());
        await access.StartAsync(machine, Token);
        Assert.Equal(MachinePower.Running, await PowerAsync());
        await access.StartAsync(machine, Token);
        await access.PowerOffAsync(machine, Token);
        Assert.Equal(MachinePower.Off, await PowerAsync());
        await access.PowerOffAsync(machine, Token);

        async Task<MachinePower> PowerAsync() => (await access.StatusesAsync([machine], Token))[machine].Power;
    }

    [Fact]
    public async Task Snapshots_are_made_listed_gone_back_to_and_deleted()
    {
        await using var access = Open();
        const string machine = Running;

        await access.CreateSnapshotAsync(machine, "one", "a <b>note</b> & more", Token);
        await access.CreateSnapshotAsync(machine, "two", null, Token);
        var both = await access.SnapshotsAsync(machine, Token);
        await access.PowerOffAsync(machine, Token);
        await access.RevertSnapshotAsync(machine, "one", Token);
        var back = (await access.StatusesAsync([machine], Token))[machine].Power;
        await access.DeleteSnapshotAsync(machine, "two", Token);
        await access.DeleteSnapshotAsync(machine, "two", Token);
        var left = await access.SnapshotsAsync(machine, Token);

        Assert.Equal(("one", "a <b>note</b> & more", "running", null, false), both.Where(one => one.Name == "one").Select(one => (one.Name, one.Description, one.State, one.Parent, one.IsCurrent)).Single());
        Assert.Equal(("one", true), both.Where(one => one.Name == "two").Select(one => (one.Parent ?? "", one.IsCurrent)).Single());
        Assert.Equal(MachinePower.Running, back);
        Assert.Equal(["one"], left.Select(one => one.Name));
    }

    [Fact]
    public async Task A_driver_without_consoles_says_so()
    {
        await using var access = Open();

        var refused = await Assert.ThrowsAsync<ProviderException>(() => access.OpenConsoleAsync(Running, force: false, Token));

        Assert.Equal("libvirt's test driver has no consoles.", refused.Message);
    }

    [Fact]
    public async Task What_is_asked_of_a_machine_that_is_gone_names_it()
    {
        await using var access = Open();

        var failure = await Assert.ThrowsAsync<ProviderException>(() => access.StartAsync(Nobody, Token));

        Assert.Contains(Nobody, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_libvirt_that_is_not_there_is_unreachable()
    {
        Assert.SkipUnless(TestLibvirt.IsInstalled(), "libvirt.so.0 is not installed");
        await using var access = LibvirtAccess.Open(PropertyMap.Of(("uri", "qemu:///system?socket=/nowhere/sock")), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ProviderException>(() => access.StatusesAsync([Nobody], Token));

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
    }

    [Fact]
    public void Inputs_that_name_no_libvirt_are_refused() =>
        Assert.Throws<ProviderException>(() => LibvirtAccess.Open(PropertyMap.Of(("uri", "nonsense")), TimeProvider.System));

    [Theory]
    [InlineData("qemu-system-x86_64\0-name\0guest=a\0-uuid\011111111-1111-4111-8111-111111111111\0-m\096\0", "11111111-1111-4111-8111-111111111111")]
    [InlineData("qemu-system-x86_64\0-uuid\0nonsense\0", null)]
    [InlineData("qemu-system-x86_64\0-uuid", null)]
    [InlineData("", null)]
    public void A_machines_process_is_known_by_its_command_line(string commandLine, string? uuid) =>
        Assert.Equal(uuid, QemuProcesses.UuidIn(System.Text.Encoding.UTF8.GetBytes(commandLine))?.ToString());

    private static LibvirtAccess Open()
    {
        Assert.SkipUnless(TestLibvirt.IsInstalled(), "libvirt.so.0 is not installed");
        return LibvirtAccess.Open(PropertyMap.Of(("uri", "test:///default")), TimeProvider.System);
    }
}
