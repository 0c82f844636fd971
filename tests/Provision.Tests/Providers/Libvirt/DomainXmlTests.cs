using System.Collections.Immutable;
using System.Xml.Linq;
using CsCheck;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Xml;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>A domain's XML: what is written, that nothing can be slipped in, and that what is read back is what was written.</summary>
public sealed class DomainXmlTests
{
    private static readonly string[] Odd = ["<", ">", "&", "'", "\"", "]]>", "<!--", "-->", "</name><devices>", "&amp;", "&#x0A;", "a", " ", "é", "\n"];

    [Fact]
    public void A_tiny_machine_under_emulation() => Golden.Match(Domains.Xml(Domains.Inputs) + "\n", "libvirt/domain-tiny.xml");

    [Fact]
    public void Whoever_declares_the_first_serial_line_it_keeps_a_log()
    {
        var consoles = PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("type", "pty"), ("targetPort", "0"), ("targetType", "serial")), PropertyMap.Of(("type", "pty"), ("targetPort", "1"))]);

        var logs = XElement.Parse(Domains.Xml(Domains.Inputs.With("consoles", consoles))).Descendants("log");

        Assert.Equal([("0", "/var/lib/provision/pools/dev-disks/dev-box.console.log")], logs.Select(log => (log.Parent?.Element("target")?.Attribute("port")?.Value, log.Attribute("file")?.Value)));
    }

    [Fact]
    public void A_machine_with_everything()
    {
        var inputs = Domains.Inputs.Merge(PropertyMap.Of(
            ("__firmware", "efi-secure"),
            ("description", "the gateway"),
            ("metadata", "<note xmlns='urn:example:note'>mine</note>"),
            ("bootDevices", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("devs", PropertyValue.ListOf(["hd", "network"])))])),
            ("graphics", PropertyMap.Of(("type", "vnc"), ("listenType", "address"))),
            ("tpm", PropertyMap.Empty),
            ("filesystems", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("source", "/srv"), ("target", "srv"))])),
            ("coreosIgnition", "/var/lib/provision/pools/dev-disks/box.ign;0190a3f0-1111-8222-8333-444455556666"),
            ("consoles", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("type", "pty"), ("targetType", "virtio"), ("targetPort", "1"))])),
            ("disks", PropertyValue.ListOf(
            [
                (PropertyValue)PropertyMap.Of(("volumeId", Domains.Root)), PropertyMap.Of(("file", "/srv/install.iso")), PropertyMap.Of(("blockDevice", "/dev/sdb")),
                PropertyMap.Of(("url", "https://images.example:8443/disk.qcow2")), PropertyMap.Of(("volumeId", Domains.Data), ("scsi", true), ("wwn", "05abcd0000000001")),
            ])),
            ("networkInterfaces", PropertyValue.ListOf(
            [
                (PropertyValue)PropertyMap.Of(("bridge", "br0")), PropertyMap.Of(("macvtap", "eth0")), PropertyMap.Of(("vepa", "eth1")), PropertyMap.Of(("passthrough", "eth2")),
            ]))));

        Golden.Match(Domains.Xml(inputs) + "\n", "libvirt/domain-full.xml");
    }

    [Theory]
    [InlineData("aarch64", "virt")]
    [InlineData("s390x", "s390-ccw-virtio")]
    public void Other_architectures_get_the_devices_they_have(string arch, string machine)
    {
        var inputs = Domains.Inputs.Without("kernel").Without("initrd").Without("cmdlines").With("graphics", PropertyMap.Of(("type", "vnc")));
        var xml = DomainWriter.Write(inputs, Domains.Facts(inputs) with { Arch = arch, Machine = machine, Emulator = null }, null, null);

        Golden.Match(xml + "\n", $"libvirt/domain-{arch}.xml");
    }

    [Fact]
    public void Containers_and_other_hypervisors_get_no_devices_they_do_not_know()
    {
        var inputs = PropertyMap.Of(("filesystems", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("source", "/srv/root"), ("target", "/"), ("readonly", false))])));
        var xml = DomainWriter.Write(inputs, Domains.Facts(inputs) with { Type = "lxc", Machine = null, Emulator = null, ConsoleLog = null }, null, null);

        Golden.Match(xml + "\n", "libvirt/domain-lxc.xml");
    }

    /// <summary>Names, descriptions, paths, kernel words: whatever they hold, the elements are those that would be there without them.</summary>
    [Fact]
    public void No_text_becomes_an_element() =>
        Gen.Int[0, Odd.Length - 1].Select(at => Odd[at]).Array[1, 12].Select(parts => string.Concat(parts))
            .Sample(
                text =>
                {
                    var hostile = Domains.Inputs.Merge(PropertyMap.Of(
                        ("description", text),
                        ("kernel", "/" + text),
                        ("cmdlines", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("_", text), (text + "key", text))])),
                        ("disks", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("file", "/" + text))])),
                        ("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", text), ("mac", Domains.Mac))]))));
                    var written = XElement.Parse(DomainWriter.Write(hostile, Domains.Facts(hostile) with { Name = "n" + text }, Domains.Stamp, null), LoadOptions.PreserveWhitespace);
                    var harmless = Domains.Inputs.Merge(PropertyMap.Of(
                        ("description", "d"), ("kernel", "/k"), ("cmdlines", hostile["cmdlines"]), ("disks", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("file", "/f"))])),
                        ("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "n"), ("mac", Domains.Mac))]))));
                    var plain = XElement.Parse(DomainWriter.Write(harmless, Domains.Facts(harmless) with { Name = "n" }, Domains.Stamp, null));
                    Assert.Equal(
                        plain.Descendants().Select(element => element.Name).Where(name => name != "description"),
                        written.Descendants().Select(element => element.Name).Where(name => name != "description"));
                    Assert.Equal(("n" + text).ReplaceLineEndings("\n"), written.Element("name")?.Value.ReplaceLineEndings("\n"));
                },
                iter: 300);

    [Fact]
    public void A_style_sheet_changes_what_was_written_and_can_read_no_file()
    {
        const string Sheet = """
            <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
              <xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
              <xsl:template match="vcpu"><vcpu placement="static">7</vcpu></xsl:template>
            </xsl:stylesheet>
            """;
        var xml = Domains.Xml(Domains.Inputs.With("xml", PropertyMap.Of(("xslt", Sheet))));

        Assert.Equal("7", XElement.Parse(xml).Element("vcpu")?.Value);
        Assert.NotNull(StyleSheet.Problem("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:include href='file:///etc/passwd'/></xsl:stylesheet>"));
        Assert.NotNull(StyleSheet.Problem("no xml"));
    }

    [Fact]
    public void What_is_there_keeps_its_place_when_something_is_taken_out_or_added()
    {
        var before = DomainView.Parse(Placed(Domains.Xml(Domains.Inputs)));
        var swapped = Domains.Inputs.With("disks", PropertyValue.ListOf(
        [
            (PropertyValue)PropertyMap.Of(("volumeId", Domains.Root), ("__serial", "root")), PropertyMap.Of(("volumeId", "/srv/new.qcow2"), ("__serial", "new")),
            PropertyMap.Of(("volumeId", Domains.Data), ("__serial", "data")),
        ]));

        var after = DomainView.Parse(Domains.Xml(swapped, before));

        Assert.Equal(["vda", "vdc", "vdb", "vdz"], after.Disks.Select(disk => disk.Target));
        Assert.Equal(["0x01", null, "0x02", "0x03"], after.Disks.Select(disk => disk.Address?.Attribute("bus")?.Value));
        Assert.Equal("0x04", after.Interfaces[0].Address?.Attribute("bus")?.Value);
    }

    [Fact]
    public void Another_machine_type_keeps_no_place()
    {
        var before = DomainView.Parse(Placed(Domains.Xml(Domains.Inputs)).Replace("'q35'", "'pc-q35-7.2'", StringComparison.Ordinal));

        Assert.All(DomainView.Parse(Domains.Xml(Domains.Inputs.With("machine", "pc"), before)).Disks, disk => Assert.Null(disk.Address));
        Assert.NotNull(DomainView.Parse(Domains.Xml(Domains.Inputs.With("machine", "q35"), before)).Disks[0].Address);
    }

    [Fact]
    public void Twenty_seven_disks_have_twenty_seven_names()
    {
        var inputs = Domains.Inputs.Without("cloudinit").With(
            "disks", PropertyValue.ListOf(Enumerable.Range(0, 27).Select(n => (PropertyValue)PropertyMap.Of(("file", $"/srv/{n}.raw")))));

        var targets = DomainView.Parse(Domains.Xml(inputs)).Disks.Select(disk => disk.Target).ToArray();

        Assert.Equal(27, targets.Distinct().Count());
        Assert.DoesNotContain("vdz", targets);
        Assert.Equal("vdac", targets[^1]);
    }

    [Theory]
    [InlineData("q35", "pc-q35-7.2", true)]
    [InlineData("pc", "pc-i440fx-7.2", true)]
    [InlineData("virt", "virt-7.2", true)]
    [InlineData("s390-ccw-virtio", "s390-ccw-virtio-7.2", true)]
    [InlineData("q35", "pc-q35-rhel9.2.0", true)]
    [InlineData("pc-q35-7.2", "pc-q35-7.2", true)]
    [InlineData("pc-q35-7.1", "pc-q35-7.2", false)]
    [InlineData("pc", "pc-q35-7.2", false)]
    [InlineData("virt", "pc-q35-7.2", false)]
    public void A_machine_types_alias_is_the_version_that_was_recorded_for_it(string wanted, string recorded, bool same) =>
        Assert.Equal(same, MachineTypes.IsTheSame(wanted, recorded));

    private static string Placed(string xml)
    {
        var domain = XElement.Parse(xml);
        var bus = 0;
        foreach (var device in domain.Descendants("disk").Concat(domain.Descendants("interface")).ToImmutableArray())
        {
            device.Add(new XElement("address", new XAttribute("type", "pci"), new XAttribute("domain", "0x0000"), new XAttribute("bus", $"0x{++bus:x2}"), new XAttribute("slot", "0x00")));
        }

        return domain.ToString().Replace('"', '\'');
    }
}
