using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;
using Xunit;

namespace Provision.Tests.Providers.Docker;

/// <summary>Inputs to the daemon's words and back.</summary>
public sealed class ContainerShapeTests
{
    private static readonly System.Version Old = new(1, 41);

    [Fact]
    public void Outputs_hold_every_input_with_its_default_falsy_ones_too()
    {
        var outputs = ContainerShape.Outputs(Inspected(), PropertyMap.Of(("image", "nginx"), ("name", "web"), ("ports", PropertyValue.ListOf([PropertyMap.Of(("internal", 80))]))));

        Assert.All(ContainerTable.Table.Top, row => Assert.True(outputs.ContainsKey(row.Name), row.Name));
        Assert.Equal(
            ("false", "false", "false", "0", "bridge", "60", "no", "null"),
            (outputs["readOnly"].ToString(), outputs["tty"].ToString(), outputs["rm"].ToString(), outputs["memoryReservation"].ToString(),
                outputs["networkMode"].ToString(), outputs["waitTimeout"].ToString(), outputs["restart"].ToString(), outputs["dns"].ToString()));
        Assert.Equal("0.0.0.0", PropertyPath.Parse("ports[0].ip").Find(outputs)?.ToString());
        Assert.Equal("32768", PropertyPath.Parse("ports[0].external").Find(outputs)?.ToString());
    }

    [Fact]
    public void The_reserved_members_are_the_bridges()
    {
        var outputs = ContainerShape.Outputs(Inspected(), PropertyMap.Of(("image", "nginx")));

        var meta = outputs["__meta"].ToString();
        Assert.Contains("\"schema_version\":\"2\"", meta, StringComparison.Ordinal);
        Assert.Contains("\"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0\":{\"create\":1200000000000,\"delete\":1200000000000,\"update\":1200000000000}", meta, StringComparison.Ordinal);
        Assert.Equal("cid", outputs["id"].ToString());
        Assert.False(outputs.ContainsKey("__pulumi_raw_state_delta"));
        Assert.False(outputs.ContainsKey("__defaults"));
    }

    [Fact]
    public void Trap_9_networks_are_listed_in_one_order()
    {
        var container = Inspected() with
        {
            NetworkSettings = new NetworkSettings { Networks = new Dictionary<string, EndpointSettings> { ["zeta"] = new(), ["alpha"] = new() } },
        };

        var networks = Assert.IsType<PropertyValue.List>(ContainerShape.Outputs(container, PropertyMap.Of(("image", "nginx")))["networkDatas"]).Items;

        Assert.Equal(["alpha", "zeta"], networks.Select(network => PropertyPath.Parse("networkName").Find(network)?.ToString()));
    }

    [Fact]
    public void Trap_15_a_swap_the_daemon_doubled_is_not_recorded()
    {
        var container = Inspected();
        container.HostConfig.Memory = 64L << 20;
        container.HostConfig.MemorySwap = 128L << 20;

        var outputs = ContainerShape.Outputs(container, PropertyMap.Of(("image", "nginx"), ("memory", 64)));

        Assert.Equal(("64", "null"), (outputs["memory"].ToString(), outputs["memorySwap"].ToString()));
    }

    [Fact]
    public void Trap_17_a_secret_stays_one_in_the_outputs()
    {
        var inputs = PropertyMap.Of(("image", "nginx"), ("envs", new PropertyValue.Secret(PropertyValue.ListOf(["PASSWORD=x-marker"]))));

        Assert.DoesNotContain("x-marker", ContainerShape.Outputs(Inspected(), inputs).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_has_the_daemons_units()
    {
        var body = ContainerBody.Of(
            PropertyMap.Of(
                ("image", "nginx"), ("memory", 64), ("memorySwap", -1), ("cpus", "1.5"), ("shmSize", 8), ("stopTimeout", 20),
                ("healthcheck", PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "x"])), ("interval", "1m30s"))),
                ("ports", PropertyValue.ListOf([PropertyMap.Of(("internal", 53), ("protocol", "udp"), ("external", 5353), ("ip", "127.0.0.1")), PropertyMap.Of(("internal", 80))])),
                ("volumes", PropertyValue.ListOf([PropertyMap.Of(("hostPath", "/a"), ("volumeName", "v"), ("containerPath", "/b"), ("readOnly", true), ("selinuxRelabel", "z"))])),
                ("securityOpts", PropertyValue.ListOf(["systempaths=unconfined", "no-new-privileges"])), ("gpus", "device=0,1")),
            "fallback", Old);

        Assert.Equal("fallback", body.Name);
        var host = Assert.IsType<HostConfig>(body.HostConfig);
        Assert.Equal((64L << 20, -1L, 1_500_000_000L, 8L << 20), (host.Memory, host.MemorySwap, host.NanoCPUs, host.ShmSize));
        Assert.Equal(TimeSpan.FromSeconds(90), body.Healthcheck?.Interval);
        Assert.Equal(["53/udp", "80/tcp"], host.PortBindings?.Keys.Order() ?? Enumerable.Empty<string>());
        Assert.Equal("0", host.PortBindings?["80/tcp"][0].HostPort);
        Assert.Equal(["/a:/b:ro,z"], host.Binds);
        Assert.Equal(["no-new-privileges"], host.SecurityOpt);
        Assert.Empty(host.MaskedPaths ?? ["none"]);
        Assert.Equal(["0", "1"], Assert.Single(host.DeviceRequests ?? []).DeviceIDs);
    }

    [Theory]
    [InlineData(41, 0)]
    [InlineData(44, 2)]
    public void Networks_go_into_the_create_where_the_daemon_takes_several(int minor, int count)
    {
        var inputs = PropertyMap.Of(("image", "nginx"), ("networksAdvanced", PropertyValue.ListOf(
        [
            PropertyMap.Of(("name", "a"), ("ipv4Address", "10.0.0.2"), ("macAddress", "02-42-0A-00-00-02"), ("driverOpts", PropertyValue.ListOf(["k=v"]))), PropertyMap.Of(("name", "b")),
        ])));

        var body = ContainerBody.Of(inputs, "x", new System.Version(1, minor));

        Assert.Equal(count, body.NetworkingConfig?.EndpointsConfig?.Count ?? 0);
        var endpoint = ContainerBody.Endpoints(new InputReader(inputs))["a"];
        Assert.Equal(("10.0.0.2", "02:42:0a:00:00:02", "v"), (endpoint.IPAMConfig?.IPv4Address, endpoint.MacAddress, endpoint.DriverOpts?["k"]));
    }

    [Fact]
    public void More_memory_is_sent_with_the_swap_that_goes_with_it()
    {
        var wanted = PropertyMap.Of(("image", "nginx"), ("memory", 256));
        var diff = new DiffResponse { Changes = [new PropertyDiff(PropertyPath.Of("memory"), DiffKind.Update, ApplyClass.Live, 64, 256)] };

        var body = ContainerUpdate.Body(new UpdateRequest(Urn.None, "id", PropertyMap.Empty, PropertyMap.Empty, wanted, diff, null, new Silent()));

        Assert.Equal((256L << 20, 512L << 20), (body?.Memory, body?.MemorySwap));
    }

    [Fact]
    public void What_only_steers_us_is_not_sent()
    {
        var diff = new DiffResponse { Changes = [new PropertyDiff(PropertyPath.Of("waitTimeout"), DiffKind.Update, ApplyClass.Live, 60, 90)] };

        Assert.Null(ContainerUpdate.Body(new UpdateRequest(Urn.None, "id", PropertyMap.Empty, PropertyMap.Empty, PropertyMap.Empty, diff, null, new Silent())));
    }

    private static InspectedContainer Inspected() => new(
        "cid", "web", "sha256:" + new string('a', 64), "linux", new State { Status = "running", Running = true }, new ContainerConfig { Image = "nginx", Hostname = "cid" },
        new HostConfig { RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No } },
        new NetworkSettings { Ports = new Dictionary<string, IList<PortBinding>> { ["80/tcp"] = [new PortBinding { HostIP = "0.0.0.0", HostPort = "32768" }] } });

    private sealed class Silent : IStepProgress
    {
        public void Report(string text, long? done = null, long? total = null)
        {
        }
    }
}
