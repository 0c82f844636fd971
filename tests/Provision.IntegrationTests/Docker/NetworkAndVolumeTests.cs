using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.Docker;

/// <summary>Networks and volumes against a real daemon.</summary>
public sealed class NetworkAndVolumeTests(DockerLab lab)
{
    [Fact]
    public async Task A_network_has_what_was_asked_and_a_second_look_plans_nothing()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var network = await NetworkAsync(world, "front", "10.90.0.0/24", ("internal", true), ("options", PropertyMap.Of(("com.docker.network.bridge.name", "br-front"))));

        Assert.Empty((await world.PlanAsync(network)).Changes);
        Assert.Equal(64, network.Id.Length);
        Assert.Equal("local", network.Outputs["scope"].ToString());
    }

    [Fact]
    public async Task Containers_reach_each_other_by_alias_and_hold_their_static_address()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await NetworkAsync(world, "talk", "10.91.0.0/24");
        var server = await world.RunAsync(
            "server", ("networksAdvanced", PropertyValue.ListOf([PropertyMap.Of(("name", "talk"), ("ipv4Address", "10.91.0.10"), ("aliases", PropertyValue.ListOf(["web"])))])));
        var client = await world.RunAsync(
            "asker", ("attach", true), ("logs", true), ("command", PropertyValue.ListOf(["nslookup", "web"])),
            ("networksAdvanced", PropertyValue.ListOf([PropertyMap.Of(("name", "talk"))])));

        Assert.Contains("10.91.0.10", client.Outputs["containerLogs"].ToString(), StringComparison.Ordinal);
        var datas = Assert.IsType<PropertyValue.List>(server.Outputs["networkDatas"]).Items;
        Assert.Equal("talk", PropertyPath.Parse("networkName").Find(Assert.Single(datas))?.ToString());
        Assert.Equal("10.91.0.10", PropertyPath.Parse("ipAddress").Find(datas[0])?.ToString());
        Assert.Empty((await world.PlanAsync(server)).Changes);
    }

    [Fact]
    public async Task A_network_taken_away_by_hand_is_connected_again_in_place()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var network = await NetworkAsync(world, "cut", "10.92.0.0/24");
        var container = await world.RunAsync("cut-off", ("networksAdvanced", PropertyValue.ListOf([PropertyMap.Of(("name", "cut"), ("ipv4Address", "10.92.0.9"))])));
        using var client = lab.Client();
        await client.Networks.DisconnectNetworkAsync(network.Id, new NetworkDisconnectParameters { Container = container.Id }, TestContext.Current.CancellationToken);

        var plan = await world.PlanAsync(container);
        var repaired = await world.UpdateAsync(container);

        Assert.Equal(ApplyClass.Live, Assert.Single(plan.Changes).Apply);
        Assert.Equal(container.Id, repaired.Id);
        Assert.Empty((await world.PlanAsync(repaired)).Changes);
        Assert.Equal("10.92.0.9", PropertyPath.Parse("networkDatas[0].ipAddress").Find(repaired.Outputs)?.ToString());
    }

    [Fact]
    public async Task An_overlapping_subnet_names_the_network_that_has_it()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await NetworkAsync(world, "first", "10.93.0.0/16");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => NetworkAsync(world, "second", "10.93.5.0/24"));

        Assert.Equal(ProviderFailure.Conflict, failure.Failure);
        Assert.Contains("'first'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("10.93.0.0/16", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trap_13_a_network_in_use_is_not_removed_and_names_who_uses_it()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var network = await NetworkAsync(world, "busy", "10.94.0.0/24");
        await world.RunAsync("user", ("networksAdvanced", PropertyValue.ListOf([PropertyMap.Of(("name", "busy"))])));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.Provider.DeleteAsync(
            new DeleteRequest(network.Urn, network.Id, network.Inputs, network.Outputs, TimeSpan.FromSeconds(1), world.Steps), TestContext.Current.CancellationToken));

        Assert.Equal(ProviderFailure.Conflict, failure.Failure);
        Assert.Contains("'user'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trap_13_a_network_is_removed_as_soon_as_its_last_container_is()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var network = await NetworkAsync(world, "soon", "10.95.0.0/24");
        var container = await world.RunAsync("soon-user", ("networksAdvanced", PropertyValue.ListOf([PropertyMap.Of(("name", "soon"))])));

        var deletion = world.DeleteAsync(network);
        await LabNamespaces.UntilAsync(
            () => Task.FromResult(world.Steps.All.Contains("is free", StringComparison.Ordinal)), TimeSpan.FromSeconds(10), () => "the deletion does not wait");
        await world.DeleteAsync(container);
        await deletion;

        Assert.IsType<ReadResponse.Gone>(await world.LookAsync(network));
    }

    [Fact]
    public async Task A_foreign_network_or_volume_of_that_name_is_a_conflict()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await NetworkAsync(world, "owned", "10.96.0.0/24");
        await world.CreateAsync(DockerWorld.Volume, "owned", PropertyMap.Of(("name", "owned")));

        var network = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(DockerWorld.Network, "again", PropertyMap.Of(("name", "owned"))));
        var volume = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(DockerWorld.Volume, "again", PropertyMap.Of(("name", "owned"))));

        Assert.Equal((ProviderFailure.Conflict, ProviderFailure.Conflict), (network.Failure, volume.Failure));
        Assert.Contains("stack 'lab'", network.Message, StringComparison.Ordinal);
        Assert.Contains("not made by provision", volume.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_keeps_its_data_from_one_container_to_the_next()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var volume = await world.CreateAsync(DockerWorld.Volume, "kept", DockerWorld.Stamped(DockerWorld.Volume, "kept", PropertyMap.Of(("name", "kept"))));
        var mounts = PropertyValue.ListOf([PropertyMap.Of(("type", "volume"), ("source", "kept"), ("target", "/data"))]);
        var writer = await world.RunAsync("writer", ("attach", true), ("mounts", mounts), ("command", PropertyValue.ListOf(["sh", "-c", "echo kept >/data/it"])));
        await world.DeleteAsync(writer);

        var reader = await world.RunAsync("again", ("attach", true), ("logs", true), ("mounts", mounts), ("command", PropertyValue.ListOf(["cat", "/data/it"])));

        Assert.Equal("kept", reader.Outputs["containerLogs"].ToString().Trim());
        Assert.Empty((await world.PlanAsync(volume)).Changes);
    }

    [Fact]
    public async Task Trap_13_a_volume_in_use_is_not_removed_and_names_who_uses_it()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var volume = await world.CreateAsync(DockerWorld.Volume, "held", PropertyMap.Of(("name", "held")));
        await world.RunAsync("holder", ("volumes", PropertyValue.ListOf([PropertyMap.Of(("volumeName", "held"), ("containerPath", "/data"))])));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.Provider.DeleteAsync(
            new DeleteRequest(volume.Urn, volume.Id, volume.Inputs, volume.Outputs, TimeSpan.FromSeconds(1), world.Steps), TestContext.Current.CancellationToken));

        Assert.Contains("'holder'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trap_21_deleting_twice_succeeds_and_what_is_gone_reads_as_gone()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var network = await NetworkAsync(world, "twice", "10.97.0.0/24");
        var volume = await world.CreateAsync(DockerWorld.Volume, "twice", PropertyMap.Of(("name", "twice")));

        foreach (var tracked in new[] { network, network, volume, volume })
        {
            await world.DeleteAsync(tracked);
        }

        Assert.IsType<ReadResponse.Gone>(await world.LookAsync(network));
        Assert.IsType<ReadResponse.Gone>(await world.LookAsync(volume));
    }

    private static Task<Tracked> NetworkAsync(DockerWorld world, string name, string subnet, params Property[] inputs) =>
        world.CreateAsync(DockerWorld.Network, name, DockerWorld.Stamped(
            DockerWorld.Network, name,
            PropertyMap.Of(("name", name), ("ipamConfigs", PropertyValue.ListOf([PropertyMap.Of(("subnet", subnet))]))).Merge(PropertyMap.Of(inputs))));
}
