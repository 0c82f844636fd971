using System.Buffers.Binary;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>What is pure of pools, volumes and networks.</summary>
public sealed class StorageAndNetworkXmlTests
{
    private static readonly Urn One = Urn.Parse("urn:pulumi:dev::lab::libvirt:index/pool:Pool::one");
    private static readonly Urn Two = Urn.Parse("urn:pulumi:dev::lab::libvirt:index/pool:Pool::two");
    private static readonly Urn Other = Urn.Parse("urn:pulumi:prod::lab::libvirt:index/pool:Pool::one");

    [Theory]
    [InlineData("10.1.2.3/24", "10.1.2.0/24", "10.1.2.1", "10.1.2.2", "10.1.2.254")]
    [InlineData("10.1.2.0/29", "10.1.2.0/29", "10.1.2.1", "10.1.2.2", "10.1.2.6")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", "10.0.0.1", "10.0.0.2", "10.0.255.254")]
    [InlineData("fd00::/64", "fd00::/64", "fd00::1", "fd00::2", "fd00::fffe")]
    public void The_host_has_the_first_address_and_guests_the_rest(string cidr, string subnet, string host, string first, string last)
    {
        var range = Assert.NotNull(NetworkRange.Parse(cidr));
        Assert.Equal((subnet, host, first, last), (range.ToString(), range.Host, range.First, range.Last));
    }

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.0/24", true)]
    [InlineData("10.1.2.0/24", "10.1.0.0/16", true)]
    [InlineData("10.1.2.0/24", "10.1.3.0/24", false)]
    [InlineData("fd00::/64", "10.1.3.0/24", false)]
    public void Subnets_overlap_where_they_share_an_address(string one, string other, bool expected) =>
        Assert.Equal(expected, NetworkRange.Parse(one)?.Overlaps(Assert.NotNull(NetworkRange.Parse(other))));

    [Fact]
    public void A_pool_with_less_room_than_none_has_none()
    {
        var seen = PoolXml.Seen(XElement.Parse("<pool><capacity>430080</capacity><allocation>487424</allocation><available>18446744073709494272</available></pool>"));

        Assert.Equal([430080, 487424, 0], ((string[])["capacity", "allocation", "available"]).Select(name => ((PropertyValue.Number)seen[name]).Value));
    }

    [Fact]
    public void A_subnet_is_read_by_its_netmask_too() =>
        Assert.Equal("192.0.2.0/25", NetworkRange.Read(XElement.Parse("<ip address='192.0.2.1' netmask='255.255.255.128'/>"))?.ToString());

    [Fact]
    public void The_size_of_the_disk_in_an_image_is_read_from_its_header()
    {
        var header = new byte[ImageHeader.Length];
        BinaryPrimitives.WriteUInt32BigEndian(header, 0x514649fb);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(24), 3_000_000_000);

        Assert.Equal(new ImageHeader("qcow2", 3_000_000_000), ImageHeader.Read(header));
        Assert.Equal(new ImageHeader("raw", null), ImageHeader.Read(header.AsSpan(0, 20)));
        Assert.Equal(new ImageHeader("raw", null), ImageHeader.Read(new byte[ImageHeader.Length]));
    }

    [Fact]
    public void A_uuid_comes_from_the_urn_and_tells_the_stack()
    {
        var (one, two, other) = (LibvirtStamp.Of(PropertyMap.Empty, One), LibvirtStamp.Of(PropertyMap.Empty, Two), LibvirtStamp.Of(PropertyMap.Empty, Other));

        Assert.Equal(one.UuidText(), LibvirtStamp.Of(PropertyMap.Empty, One).UuidText());
        Assert.Equal(3, new[] { one, two, other }.Select(stamp => stamp.Uuid()).Distinct().Count());
        Assert.True(one.IsOfSameStack(two.UuidText()));
        Assert.False(one.IsOfSameStack(other.UuidText()));
        Assert.Equal(('8', true), (one.UuidText()[14], one.UuidText()[19] is '8' or '9' or 'a' or 'b'));
    }

    [Fact]
    public void A_stamp_is_read_back_from_metadata_as_it_was_written()
    {
        var stamp = LibvirtStamp.Of(PropertyMap.Of((LibvirtStamp.Input, PropertyMap.Of(("provision.owner", "<me & \"you\">")))), One);
        var metadata = XElement.Parse(new XElement("metadata", stamp.ToXml()).ToString());

        Assert.Equal(stamp, LibvirtStamp.Read(metadata));
        Assert.True(stamp.IsOn(stamp.UuidText(), metadata));
        Assert.False(stamp.IsOn(stamp.UuidText(), null));
        Assert.Equal("of stack 'dev' of project 'lab' ('one')", LibvirtStamp.OwnerOf(stamp));
    }

    [Fact]
    public void Capabilities_of_an_emulator_are_read()
    {
        var capabilities = DomainCapabilities.Parse(
            """
            <domainCapabilities><path>/usr/bin/qemu-system-x86_64</path><machine>pc-q35-7.2</machine><vcpu max='288'/>
              <os supported='yes'><enum name='firmware'><value>efi</value></enum>
                <loader supported='yes'><value>/usr/share/OVMF/OVMF_CODE.fd</value><enum name='secure'><value>no</value></enum></loader></os>
              <cpu><mode name='host-passthrough' supported='no'/><mode name='custom' supported='yes'><model usable='yes'>qemu64</model><model usable='no'>Skylake</model></mode></cpu>
              <devices><disk supported='yes'><enum name='bus'><value>sata</value><value>virtio</value></enum></disk><tpm supported='no'><enum name='model'><value>tpm-tis</value></enum></tpm></devices>
            </domainCapabilities>
            """);

        Assert.Equal(("pc-q35-7.2", 288, false), (capabilities.Machine, capabilities.MaxProcessors, capabilities.SecureBoot));
        Assert.Equal(["custom"], capabilities.CpuModes);
        Assert.Equal(["qemu64"], capabilities.CpuModels);
        Assert.Equal(["sata", "virtio"], capabilities.DiskBuses);
        Assert.Equal(["efi"], capabilities.Firmware);
        Assert.Empty(capabilities.TpmModels);
    }

    [Fact]
    public void What_running_domains_have_open_is_read_from_their_xml()
    {
        var disks = new List<DiskUse>();
        var networks = new List<(string Network, string Domain)>();
        DomainUses.Read(
            XElement.Parse(
                """
                <domain><name>box</name><uuid>u</uuid><devices>
                  <disk><source file='/pool/root'/><target dev='vda'/></disk><disk><source pool='p' volume='data'/><target dev='vdb'/></disk>
                  <interface type='network'><source network='lan'/></interface><interface type='bridge'><source bridge='br0'/></interface></devices></domain>
                """),
            disks, networks);
        var uses = new StorageUses(new[] { ("/base", "'a' in pool 'p'") }.ToLookup(pair => pair.Item1, pair => pair.Item2), new DomainUses([.. disks], networks.ToLookup(use => use.Network, use => use.Domain)));

        Assert.Equal([("lan", "box")], networks);
        Assert.Equal("open in the running domain 'box'", uses.UserOf("/pool/root", "p", "root"));
        Assert.Equal("open in the running domain 'box'", uses.UserOf("/pool/data", "p", "data"));
        Assert.Equal("the base of 'a' in pool 'p'", uses.UserOf("/base", "p", "base"));
        Assert.Null(uses.UserOf("/pool/other", "p", "other"));
    }
}
