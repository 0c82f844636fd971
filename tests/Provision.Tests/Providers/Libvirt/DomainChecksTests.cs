using System.Runtime.InteropServices;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>What is refused before anything is touched, and the type that is chosen.</summary>
public sealed class DomainChecksTests
{
    private static readonly HostVirtualization None = new(false, "this CPU offers no virtualisation");

    [Fact]
    public void Plain_emulation_is_chosen_and_said_where_the_processor_offers_nothing()
    {
        var check = Check(Domains.Inputs.Without("type"), None);

        Assert.Empty(check.Failures);
        Assert.Equal("qemu", check.Inputs["type"].ToString());
        Assert.Equal("plain emulation: this CPU offers no virtualisation", check.Remark);
    }

    [Fact]
    public void Kvm_is_chosen_where_it_works_and_nothing_is_said()
    {
        var check = Check(Domains.Inputs.Without("type"), HostVirtualization.Usable);

        Assert.Equal("kvm", check.Inputs["type"].ToString());
        Assert.Null(check.Remark);
    }

    [Fact]
    public void Kvm_asked_for_where_there_is_none_says_why_and_what_to_do()
    {
        var failure = Assert.Single(Check(Domains.Inputs.With("type", "kvm"), None).Failures);

        Assert.Equal("type", failure.Path.ToString());
        Assert.Equal("type 'kvm' cannot run here: this CPU offers no virtualisation", failure.Reason);
        Assert.Contains("set it to 'qemu'", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Trap_26_a_machine_keeps_the_type_that_it_was_made_with()
    {
        Assert.Equal("qemu", Check(Domains.Inputs.Without("type"), HostVirtualization.Usable, PropertyMap.Of(("type", "qemu"))).Inputs["type"].ToString());
        Assert.Equal("qemu", Check(Domains.Inputs.Without("type"), None, PropertyMap.Of(("type", "kvm"))).Inputs["type"].ToString());
    }

    [Theory]
    [InlineData("test:///default", "test")]
    [InlineData("lxc:///system", "lxc")]
    [InlineData("esx://host.example/?no_verify=1", "vmware")]
    [InlineData("qemu+ssh://host.example/system", null)]
    public void Other_drivers_have_types_of_their_own_and_of_other_hosts_nothing_is_known(string uri, string? type) =>
        Assert.Equal(type, DomainChecks.Check(
            new CheckRequest(Domains.Urn, PropertyMap.Empty, PropertyMap.Of(("name", "box"))),
            new DomainType(LibvirtEndpoint.Of(uri).Driver, LibvirtEndpoint.Of(uri).IsLocal ? None : null)).Inputs.Find("type")?.ToString());

    [Theory]
    [InlineData("x86, vmx and a device", Architecture.X64, "flags\t\t: fpu vme vmx sse", true, true, true)]
    [InlineData("x86, svm and a device", Architecture.X64, "flags\t\t: fpu svm", true, true, true)]
    [InlineData("x86, a device alone: a software KVM", Architecture.X64, "flags\t\t: fpu vme sse", true, true, false)]
    [InlineData("x86, vmx without a device", Architecture.X64, "flags\t\t: vmx", false, false, false)]
    [InlineData("x86, vmx and a device that may not be opened", Architecture.X64, "flags\t\t: vmx", true, false, false)]
    [InlineData("x86, a flag that only looks alike", Architecture.X64, "flags\t\t: avmx vmx_x\nbugs\t\t: vmx", true, true, false)]
    [InlineData("ARM that was started in EL2", Architecture.Arm64, "Features\t: fp asimd", true, true, true)]
    [InlineData("ARM in a guest", Architecture.Arm64, "Features\t: fp asimd", false, false, false)]
    [InlineData("Z with SIE", Architecture.S390x, "features\t: esan3 sie", true, true, true)]
    [InlineData("Z without SIE", Architecture.S390x, "features\t: esan3", true, true, false)]
    public void Processor_and_device_decide_together(string _, Architecture architecture, string cpuInfo, bool exists, bool opens, bool works)
    {
        var fact = HostVirtualization.Of(architecture, cpuInfo.Split('\n'), exists, opens);

        Assert.Equal(works, fact.Works);
        Assert.Equal(works, fact.Why.Length == 0);
    }

    [Theory]
    [InlineData("/", "disks[0].__serial", "with/slash")]
    [InlineData("long", "disks[0].__serial", "twenty-one-characters")]
    [InlineData("ours", "disks[0].__serial", "cidata-1")]
    public void A_serial_is_what_a_virtio_disk_can_carry(string _, string path, string serial) =>
        Assert.Equal([path], Paths(Domains.Inputs.With("disks", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("file", "/a"), ("__serial", serial))]))));

    [Fact]
    public void Every_mistake_is_said_at_once()
    {
        var inputs = Domains.Inputs.Merge(PropertyMap.Of(
            ("disks", PropertyValue.ListOf(
                [(PropertyValue)PropertyMap.Of(("file", "/a"), ("url", "https://x/y")), PropertyMap.Empty, PropertyMap.Of(("file", "/b"), ("__serial", "s")), PropertyMap.Of(("file", "/c"), ("__serial", "s"))])),
            ("networkInterfaces", PropertyValue.ListOf(
            [
                (PropertyValue)PropertyMap.Of(("mac", Domains.Mac)), PropertyMap.Of(("networkName", "a"), ("mac", Domains.Mac.ToUpperInvariant())),
                PropertyMap.Of(("bridge", "br0"), ("addresses", PropertyValue.ListOf(["10.0.0.1"]))),
            ])),
            ("metadata", "<a/>"),
            ("__firmware", "uefi"),
            ("__power", "asleep"),
            ("__ready", PropertyMap.Of(("port", 70000)))));

        Assert.Equal(
            ["__firmware", "__power", "__ready.port", "disks[0]", "disks[1]", "disks[3].__serial", "metadata", "networkInterfaces[0]", "networkInterfaces[1].mac", "networkInterfaces[2].addresses"],
            Paths(inputs));
    }

    /// <summary>The half of a pair as a number: the runner's own messages cannot carry one.</summary>
    [Theory]
    [InlineData(0x0001)]
    [InlineData(0xFFFF)]
    [InlineData(0xD800)]
    public void Text_that_xml_cannot_hold_is_said_with_its_place(int character) =>
        Assert.Equal(["description"], Paths(Domains.Inputs.With("description", $"a{(char)character}b")));

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    public void A_name_is_one_part_of_a_path(string name) => Assert.Equal(["name"], Paths(Domains.Inputs.With("name", name)));

    [Theory]
    [InlineData("Ümläut & <co> \"x\" 'y' $HOME")]
    [InlineData("-rf")]
    [InlineData("日本語")]
    public void Odd_names_are_names(string name) => Assert.Empty(Paths(Domains.Inputs.With("name", name)));

    [Theory]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("52:54:00:12:34")]
    [InlineData("52:54:00-12:34:56")]
    [InlineData("52:54:00:12:34:5g")]
    public void A_mac_is_six_bytes_of_one_machine(string mac) =>
        Assert.Equal(["networkInterfaces[0].mac"], Paths(Domains.Inputs.With("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "a"), ("mac", mac))]))));

    [Fact]
    public void What_a_driver_lacks_is_said_in_the_plan()
    {
        var type = new DomainType(LibvirtEndpoint.Of("vbox:///session").Driver, null);
        var inputs = PropertyMap.Of(("name", "box"), ("autostart", true), ("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "a"), ("waitForLease", true))])));

        Assert.Equal(["autostart", "networkInterfaces"], DomainChecks.Check(new CheckRequest(Domains.Urn, PropertyMap.Empty, inputs), type).Failures.Select(failure => failure.Path.ToString()));
    }

    private static CheckResponse Check(PropertyMap inputs, HostVirtualization host, PropertyMap? old = null) =>
        DomainChecks.Check(new CheckRequest(Domains.Urn, old ?? PropertyMap.Empty, inputs), new DomainType(LibvirtDriver.Qemu, host));

    private static string[] Paths(PropertyMap inputs) => [.. Check(inputs, None).Failures.Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal)];
}
