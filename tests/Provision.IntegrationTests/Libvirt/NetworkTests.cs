using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.Libvirt;

/// <summary>Networks against a real libvirtd, with real bridges and dnsmasq.</summary>
public sealed class NetworkTests(LibvirtLab lab)
{
    private static readonly PropertyMap Inputs = PropertyMap.Of(
        ("name", "nets"), ("mode", "nat"), ("bridge", "br-nets"), ("addresses", PropertyValue.ListOf(["10.94.1.0/24"])), ("dhcp", PropertyMap.Of(("enabled", true))),
        ("dns", PropertyMap.Of(("enabled", true), ("localOnly", true), ("hosts", PropertyValue.ListOf([PropertyMap.Of(("hostname", "gateway"), ("ip", "10.94.1.1"))])))),
        ("domain", "nets.test"), ("autostart", true), ("dnsmasqOptions", PropertyMap.Of(("options", PropertyValue.ListOf([PropertyMap.Of(("optionName", "no-ping"))])))));

    [Fact]
    public async Task A_network_runs_with_bridge_and_dnsmasq_and_leaves_neither()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var network = await world.CreateAsync(StorageWorld.Network, "nets", Inputs);

        Assert.Empty((await world.PlanAsync(network)).Changes);
        Assert.Contains("10.94.1.1/24", (await lab.RunInsideAsync("ip", "-brief", "address", "show", "dev", "br-nets")).Succeeded(), StringComparison.Ordinal);
        await world.DeleteAsync(network);
        Assert.DoesNotContain("br-nets", (await lab.RunInsideAsync("ip", "-brief", "link")).Succeeded(), StringComparison.Ordinal);
        Assert.DoesNotContain("nets", await lab.NamesAsync("net-list", "--all"));
        Assert.Null(await world.ReadAsync(network));
    }

    [Fact]
    public async Task Names_and_address_giving_change_while_it_runs_and_the_rest_by_restarting_it()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var network = await world.CreateAsync(StorageWorld.Network, "nets", Inputs);
        var live = Inputs.With("autostart", false).With("dhcp", PropertyMap.Of(("enabled", false)))
            .With("dns", PropertyMap.Of(("enabled", true), ("localOnly", true), ("hosts", PropertyValue.ListOf([PropertyMap.Of(("hostname", "printer"), ("ip", "10.94.1.9"))]))));

        Assert.All((await world.PlanAsync(network, live)).Changes, change => Assert.Equal(ApplyClass.Live, change.Apply));
        var updated = await world.UpdateAsync(network, live);
        Assert.Empty((await world.PlanAsync(updated)).Changes);
        Assert.DoesNotContain("<range", await lab.VirshAsync("net-dumpxml", "nets"), StringComparison.Ordinal);

        var restarted = await world.UpdateAsync(updated, live.With("mtu", 1400).With("dhcp", PropertyMap.Of(("enabled", true))));
        Assert.Empty((await world.PlanAsync(restarted)).Changes);
        Assert.Equal("br-nets", restarted.Outputs["bridge"].ToString());
        Assert.Contains("mtu 1400", (await lab.RunInsideAsync("ip", "link", "show", "br-nets")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_or_undefined_by_hand_it_is_shown_and_repaired()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var network = await world.CreateAsync(StorageWorld.Network, "nets", Inputs);
        await lab.VirshAsync("net-destroy", "nets");
        Assert.Equal("inactive", (await world.PlanAsync(network)).Reason);
        network = await world.UpdateAsync(network);
        Assert.Empty((await world.PlanAsync(network)).Changes);

        await lab.VirshAsync("net-undefine", "nets");
        Assert.Equal("undefined", (await world.PlanAsync(network)).Reason);
        network = await world.UpdateAsync(network);
        Assert.Empty((await world.PlanAsync(network)).Changes);
        Assert.Contains("nets", await lab.NamesAsync("net-list", "--persistent"));
    }

    [Fact]
    public async Task A_subnet_or_bridge_that_the_host_uses_is_a_conflict_and_nothing_is_left()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        (await lab.RunInsideAsync("ip", "link", "add", "br-taken", "type", "bridge")).Succeeded();
        (await lab.RunInsideAsync("ip", "address", "add", "10.94.9.1/24", "dev", "br-taken")).Succeeded();
        (await lab.RunInsideAsync("ip", "link", "set", "br-taken", "up")).Succeeded();
        try
        {
            var subnet = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(StorageWorld.Network, "nets", Inputs.With("addresses", PropertyValue.ListOf(["10.94.9.0/24"]))));
            var bridge = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(StorageWorld.Network, "nets", Inputs.With("bridge", "br-taken")));

            Assert.Equal((ProviderFailure.Conflict, ProviderFailure.Conflict), (subnet.Failure, bridge.Failure));
            Assert.Contains("its subnet 10.94.9.0/24 is taken on that host", subnet.Message, StringComparison.Ordinal);
            Assert.Contains("br-taken", subnet.Message, StringComparison.Ordinal);
            Assert.Contains("the bridge 'br-taken' exists on that host already", bridge.Message, StringComparison.Ordinal);
            Assert.All([subnet, bridge], failure => Assert.IsType<Remainder.Untouched>(failure.Remainder));
            Assert.DoesNotContain("nets", await lab.NamesAsync("net-list", "--all"));
        }
        finally
        {
            (await lab.RunInsideAsync("ip", "link", "del", "br-taken")).Succeeded();
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("route")]
    [InlineData("open")]
    public async Task Every_mode_is_seen_as_it_was_asked_for(string mode)
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var network = await world.CreateAsync(StorageWorld.Network, $"mode-{mode}", PropertyMap.Of(
            ("name", $"mode-{mode}"), ("mode", mode), ("addresses", PropertyValue.ListOf(["10.94.20.0/28", "fd94:20::/64"])),
            ("dns", PropertyMap.Of(("enabled", false)))));

        Assert.Empty((await world.PlanAsync(network)).Changes);
    }
}
