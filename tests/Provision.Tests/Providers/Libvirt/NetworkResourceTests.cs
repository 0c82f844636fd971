using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Tests.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

public sealed class NetworkResourceTests
{
    private static readonly PropertyMap Inputs = PropertyMap.Of(
        ("name", "dev-net"), ("mode", "nat"), ("addresses", PropertyValue.ListOf(["10.20.30.0/24"])), ("dhcp", PropertyMap.Of(("enabled", true))),
        ("dns", PropertyMap.Of(("enabled", true), ("localOnly", true), ("hosts", Hosts(("gateway", "10.20.30.1"), ("router", "10.20.30.1"))))), ("domain", "dev.test"),
        ("bridge", "br-dev"), ("mtu", 1400), ("autostart", true),
        ("dnsmasqOptions", PropertyMap.Of(("options", PropertyValue.ListOf([PropertyMap.Of(("optionName", "no-ping"))])))));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_network_is_made_seen_without_a_difference_and_removed()
    {
        await using var world = TestLibvirt.Open();
        var networks = Networks(world);
        var made = await networks.CreateAsync(Inputs);
        var seen = Assert.IsType<Made>(await networks.ReadAsync(made));

        Assert.Equal([], Kind.Said(networks.Diff(seen, Inputs)));
        Assert.Equal(
            ["__meta", "addresses", "autostart", "bridge", "dhcp", "dns", "dnsmasqOptions", "domain", "id", "mode", "mtu", "name", "routes", "xml"],
            seen.Outputs.Keys.Order(StringComparer.Ordinal));
        await networks.DeleteAsync(made);
        Assert.Null(await networks.ReadAsync(made));
        await networks.DeleteAsync(made);
    }

    [Fact]
    public async Task Its_xml_is_what_was_asked_for_with_our_stamp()
    {
        await using var world = TestLibvirt.Open();
        var made = await Networks(world).CreateAsync(Inputs);
        var xml = await XmlAsync(world, made.Id);
        var range = xml.Element("ip")?.Element("dhcp")?.Element("range");

        Assert.Equal(("10.20.30.1", "10.20.30.2", "10.20.30.254"), (xml.Element("ip")?.Attribute("address")?.Value, range?.Attribute("start")?.Value, range?.Attribute("end")?.Value));
        Assert.Equal("lab", LibvirtStamp.Read(xml)?.Project);
    }

    [Fact]
    public async Task Names_and_descriptions_cannot_become_elements()
    {
        await using var world = TestLibvirt.Open();
        var evil = "x'\"/><bridge name=\"evil\"/>&amp;<!--";
        var made = await Networks(world).CreateAsync(PropertyMap.Of(
            ("name", evil.Replace("/", "", StringComparison.Ordinal)), ("addresses", PropertyValue.ListOf(["10.20.40.0/24"])), ("__stamp", PropertyMap.Of(("provision.owner", evil)))));
        var xml = await XmlAsync(world, made.Id);

        Assert.Equal(evil.Replace("/", "", StringComparison.Ordinal), xml.Element("name")?.Value);
        Assert.Equal(evil, LibvirtStamp.Read(xml)?.Owner);
        Assert.NotEqual("evil", xml.Element("bridge")?.Attribute("name")?.Value);
    }

    [Fact]
    public async Task Names_autostart_and_address_giving_change_live()
    {
        await using var world = TestLibvirt.Open();
        var networks = Networks(world);
        var made = await networks.CreateAsync(Inputs);
        var wanted = Inputs.With("autostart", false).With("dhcp", PropertyMap.Of(("enabled", false)))
            .With("dns", PropertyMap.Of(("enabled", true), ("localOnly", true), ("hosts", Hosts(("gateway", "10.20.30.1"), ("printer", "10.20.30.9")))));

        Assert.All(networks.Diff(made, wanted).Changes, change => Assert.Equal(ApplyClass.Live, change.Apply));
        var updated = await networks.UpdateAsync(made, wanted);
        var seen = Assert.IsType<Made>(await networks.ReadAsync(updated));
        Assert.Equal([], Kind.Said(networks.Diff(seen, wanted)));
        Assert.Equal([], Kind.Said(networks.Diff(await networks.UpdateAsync(seen, Inputs), Inputs)));
    }

    [Fact]
    public async Task Addresses_that_machines_were_given_are_no_difference_and_stay_in_what_a_restart_defines()
    {
        await using var world = TestLibvirt.Open();
        var networks = Networks(world);
        var made = await networks.CreateAsync(Inputs);
        await world.Connection.ChangeAsync(
            "give an address",
            connect =>
            {
                using var network = connect.NetworkByUuid(made.Id);
                network.Update(NetworkUpdateCommand.AddLast, NetworkSection.IpDhcpHost, "<host mac='52:54:00:00:00:01' name='box' ip='10.20.30.40'/>", Affect.Live | Affect.Config);
            },
            Token);
        var seen = Assert.IsType<Made>(await networks.ReadAsync(made));
        Assert.Equal([], Kind.Said(networks.Diff(seen, Inputs)));

        var wanted = Inputs.With("mtu", 1300);
        var diff = networks.Diff(seen, wanted);
        Assert.Equal([("mtu", ApplyClass.Restart)], Kind.Said(diff));
        Assert.Equal("machines on it are cut off until they are restarted", diff.Reason);
        var redefined = XElement.Parse(NetworkXml.Write(wanted.Without("bridge"), "dev-net", LibvirtStamp.Of(wanted, networks.Urn), await XmlAsync(world, made.Id)));
        Assert.Equal((made.Id, "br-dev"), (redefined.Element("uuid")?.Value, redefined.Element("bridge")?.Attribute("name")?.Value));
        Assert.Equal("10.20.30.40", redefined.Element("ip")?.Element("dhcp")?.Element("host")?.Attribute("ip")?.Value);
        Assert.Contains("no-ping", redefined.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_by_hand_it_is_shown_and_started_again()
    {
        await using var world = TestLibvirt.Open();
        var networks = Networks(world);
        var made = await networks.CreateAsync(Inputs);
        await world.Connection.ChangeAsync("stop it", connect => connect.NetworkByUuid(made.Id).Stop(), Token);
        var seen = Assert.IsType<Made>(await networks.ReadAsync(made));

        Assert.Equal("inactive", networks.Diff(seen, Inputs).Reason);
        Assert.Equal([], Kind.Said(networks.Diff(await networks.UpdateAsync(seen, Inputs), Inputs)));
    }

    [Theory]
    [InlineData("lan", "192.168.77.0/24", "br-x", "there is one of that name, and it is not made by provision")]
    [InlineData("mine", "192.0.2.128/25", "br-x", "its subnet 192.0.2.128/25 overlaps 192.0.2.0/24 of the network 'lan', which is not made by provision")]
    [InlineData("mine", "192.168.77.0/24", "br-lan", "its bridge 'br-lan' is that of the network 'lan', which is not made by provision")]
    public async Task What_is_taken_is_a_conflict_that_says_by_whom(string name, string subnet, string bridge, string why)
    {
        await using var world = TestLibvirt.Open();
        var refused = await Assert.ThrowsAsync<ProviderException>(() => Networks(world).CreateAsync(PropertyMap.Of(
            ("name", name), ("addresses", PropertyValue.ListOf([subnet])), ("bridge", bridge))));

        Assert.Equal((ProviderFailure.Conflict, $"Cannot create the network '{name}': {why}."), (refused.Failure, refused.Message));
        Assert.IsType<Remainder.Untouched>(refused.Remainder);
    }

    [Fact]
    public async Task Another_stacks_network_says_whose_it_is()
    {
        await using var world = TestLibvirt.Open();
        await Networks(world).CreateAsync(Inputs);
        var others = new Kind(new NetworkResource(), world.Connection) { Urn = Urn.Parse("urn:pulumi:prod::lab::libvirt:index/network:Network::thing") };

        var refused = await Assert.ThrowsAsync<ProviderException>(() => others.CreateAsync(Inputs));
        Assert.Contains("it is of stack 'dev' of project 'lab' ('thing')", refused.Message, StringComparison.Ordinal);
        Assert.Null(await others.FindAsync(Inputs));
    }

    [Fact]
    public async Task A_leftover_is_found_and_taken_up()
    {
        await using var world = TestLibvirt.Open();
        var networks = Networks(world);
        Assert.Null(await networks.FindAsync(Inputs));
        var made = await networks.CreateAsync(Inputs);
        await world.Connection.ChangeAsync("stop it", connect => connect.NetworkByUuid(made.Id).Stop(), Token);

        Assert.Equal((made.Id, false), await networks.FindAsync(Inputs) is { } found ? (found.Id, found.Complete) : default);
        Assert.Equal(made.Id, (await networks.CreateAsync(Inputs)).Id);
        Assert.True((await networks.FindAsync(Inputs))?.Complete);
    }

    [Fact]
    public async Task Mistakes_are_all_told_at_once()
    {
        await using var world = TestLibvirt.Open();
        var failures = Networks(world).Check(PropertyMap.Of(
            ("mode", "route"), ("bridge", "a-name-that-is-too-long"), ("mtu", 5), ("dns", PropertyMap.Of(("localOnly", true), ("hosts", Hosts(("bad name", "10.0.0.300"))))),
            ("addresses", PropertyValue.ListOf(["10.0.0.0/30", "10.0.0.0/24", "nonsense"])))).Failures;

        Assert.Equal(
            ["addresses[0]", "addresses[1]", "addresses[1]", "addresses[2]", "bridge", "dns.hosts[0].hostname", "dns.hosts[0].ip", "dns.localOnly", "mtu"],
            failures.Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal));
        Assert.Contains(Networks(world).Check(PropertyMap.Of(("mode", "bridge"))).Failures, failure => failure.Path.ToString() == "bridge");
    }

    [Fact]
    public async Task An_import_gives_inputs_that_change_nothing()
    {
        await using var world = TestLibvirt.Open();
        var networks = Networks(world);
        var made = await networks.CreateAsync(Inputs);
        var imported = await networks.ImportAsync(made.Id);
        var inputs = imported.Inputs ?? PropertyMap.Empty;

        Assert.Equal([], Kind.Said(networks.Diff(new Made(imported.Id, inputs, imported.Outputs), inputs)));
        Assert.Equal("dev-net", inputs["name"].ToString());
    }

    [Fact]
    public async Task A_style_sheet_changes_the_finished_xml()
    {
        await using var world = TestLibvirt.Open();
        var xslt = """
            <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
              <xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
              <xsl:template match="/network/bridge/@stp"><xsl:attribute name="stp">off</xsl:attribute></xsl:template>
            </xsl:stylesheet>
            """;
        var made = await Networks(world).CreateAsync(Inputs.With("xml", PropertyMap.Of(("xslt", xslt))));

        Assert.Equal("off", (await XmlAsync(world, made.Id)).Element("bridge")?.Attribute("stp")?.Value);
    }

    private static Kind Networks(TestLibvirt world) => new(new NetworkResource(), world.Connection);

    private static PropertyValue Hosts(params IEnumerable<(string Name, string Ip)> hosts) =>
        PropertyValue.ListOf(hosts.Select(host => (PropertyValue)PropertyMap.Of(("hostname", host.Name), ("ip", host.Ip))));

    private static async Task<XElement> XmlAsync(TestLibvirt world, string uuid) =>
        XElement.Parse(await world.Connection.AskAsync("look", connect => connect.NetworkByUuid(uuid).Xml(inactive: true), Token));
}
