using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt.Binding;

public sealed class LibvirtErrorsTests
{
    private const int FromQemu = 10;
    private const int FromRpc = 7;

    private static readonly LibvirtEndpoint Endpoint = LibvirtEndpoint.Of("qemu:///system");

    [Theory]
    [InlineData((int)LibvirtErrorCode.NoDomain, ProviderFailure.Refused)]
    [InlineData((int)LibvirtErrorCode.OperationInvalid, ProviderFailure.Refused)]
    [InlineData((int)LibvirtErrorCode.ConfigUnsupported, ProviderFailure.Refused)]
    [InlineData((int)LibvirtErrorCode.ResourceBusy, ProviderFailure.Refused)]
    [InlineData((int)LibvirtErrorCode.DomainExists, ProviderFailure.Conflict)]
    [InlineData((int)LibvirtErrorCode.StorageVolumeExists, ProviderFailure.Conflict)]
    [InlineData((int)LibvirtErrorCode.AgentUnresponsive, ProviderFailure.Timeout)]
    [InlineData((int)LibvirtErrorCode.AuthenticationFailed, ProviderFailure.Unauthorized)]
    [InlineData((int)LibvirtErrorCode.AccessDenied, ProviderFailure.Unauthorized)]
    public void What_libvirt_answers_changed_nothing_and_is_typed(int code, ProviderFailure expected)
    {
        var failure = LibvirtErrors.Translate(new LibvirtException((LibvirtErrorCode)code, FromQemu, "so it is"), Endpoint, "do it", changes: true);

        Assert.Equal(expected, failure.Failure);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
        Assert.Equal("Cannot do it: libvirt says: so it is", failure.Message);
    }

    [Fact]
    public void A_table_of_neighbours_that_libvirt_does_not_understand_is_no_failure_of_the_domains()
    {
        Assert.True(new LibvirtException(LibvirtErrorCode.InternalError, 0, "internal error: wrong nlmsg len").IsOfNeighbours);
        Assert.False(new LibvirtException(LibvirtErrorCode.InternalError, 0, "internal error: something else").IsOfNeighbours);
    }

    [Fact]
    public void An_existing_name_is_a_conflict_even_where_libvirt_has_no_number_for_it()
    {
        var said = new LibvirtException(LibvirtErrorCode.OperationFailed, FromQemu, "domain 'a' already exists with uuid 1");
        Assert.Equal(ProviderFailure.Conflict, LibvirtErrors.Translate(said, Endpoint, "do it", changes: true).Failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_lost_in_the_middle_of_a_change_leaves_it_open(bool changes)
    {
        var said = new LibvirtException(LibvirtErrorCode.InternalError, FromRpc, "client socket is closed");
        var failure = LibvirtErrors.Translate(said, Endpoint, "do it", changes);

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
        Assert.Equal(changes, failure.Remainder is Remainder.Unknown);
    }

    [Fact]
    public void Without_the_library_it_says_what_to_install()
    {
        var failure = LibvirtErrors.Translate(new DllNotFoundException("libvirt.so.0"), Endpoint, "look at the pools", changes: true);

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
        Assert.Contains("libvirt.so.0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("apt install libvirt0", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_may_not_be_used_is_unauthorized()
    {
        var said = new LibvirtException(LibvirtErrorCode.SystemError, FromRpc, "Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied", 13);
        var failure = LibvirtErrors.Translate(said, Endpoint, "list the pools", changes: false);

        Assert.Equal(ProviderFailure.Unauthorized, failure.Failure);
        Assert.Contains("'libvirt' group", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qemu:///system", "QEMU")]
    [InlineData("qemu+ssh://root@host/system", "QEMU")]
    [InlineData("test:///default", "test")]
    [InlineData("lxc:///", "LXC")]
    [InlineData("esx://host/?no_verify=1", "ESX")]
    [InlineData("vbox:///session", "VirtualBox")]
    [InlineData("xen:///system", "Xen")]
    [InlineData("vmwareplayer:///session", "VMware")]
    [InlineData("hyperv://host/", "Hyper-V")]
    public void The_scheme_picks_the_driver(string uri, string driver) => Assert.Equal(driver, LibvirtEndpoint.Of(uri).Driver.Name);

    [Theory]
    [InlineData("system")]
    [InlineData("qemu:/system")]
    [InlineData("qemu:///")]
    [InlineData("bhyve2:///system")]
    [InlineData("")]
    public void A_malformed_uri_is_refused_with_a_remedy(string uri)
    {
        var failures = new List<CheckFailure>();
        Assert.Null(LibvirtEndpoint.Read(PropertyMap.Of(("uri", uri)), failures));
        Assert.NotNull(Assert.Single(failures).Remedy);
    }

    [Fact]
    public void What_a_driver_lacks_is_said_in_the_plan()
    {
        var box = LibvirtEndpoint.Of("vbox:///session").Driver;
        var failure = box.Lacks(LibvirtFeature.Autostart, PropertyPath.Of("autostart"), "autostart", "Leave it out.");

        Assert.Equal("libvirt's VirtualBox driver has no autostart", failure?.Reason);
        Assert.Null(LibvirtDriver.Qemu.Lacks(LibvirtFeature.Autostart, PropertyPath.Of("autostart"), "autostart", "Leave it out."));
    }
}
