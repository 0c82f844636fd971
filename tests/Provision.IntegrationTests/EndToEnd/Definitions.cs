namespace Provision.IntegrationTests.EndToEnd;

/// <summary>The stacks that the tests bring up. All use the image that a lab has, so nothing is built or pulled.</summary>
internal static class Definitions
{
    public const string Pages = "Pages";
    public const string Small = "Small";
    public const string Gated = "Gated";
    public const string Many = "Many";

    public static string Of(string definition) => definition switch
    {
        Pages => PagesSource,
        Small => SmallSource,
        Gated => GatedSource,
        Many => ManySource,
        _ => throw new ArgumentException($"There is no definition {definition}.", nameof(definition)),
    };

    /// <summary>One network, one volume, a page and somebody who reads it.</summary>
    private const string PagesSource = """
        using System;
        using Provision.Model;

        public sealed class Pages : StackDefinition
        {
            public string Endpoint { get; init; } = "";
            public int Port { get; init; } = 8080;
            public DataSize Memory { get; init; } = 32.MiB;
            public string Greeting { get; init; } = "Hello";

            public override Stack Define()
            {
                ContainerImage image = "provision-lab/tiny:1";
                var network = new ContainerNetwork("net");
                var data = new ContainerVolume("data");
                var web = new Container("web", image)
                {
                    Command = ["httpd", "-f", "-p", "80", "-h", "/www"],
                    Files = [new ContainerFile("/www/index.html", Greeting)],
                    Ports = [new Port(80) { Host = Port, Ip = "127.0.0.1" }],
                    Networks = [network],
                    Mounts = [Mount.Volume(data, "/www/data", readOnly: true)],
                    Limits = new() { Memory = Memory },
                    Health = HealthCheck.Http(80) with { Interval = TimeSpan.FromSeconds(1) },
                    Restart = RestartPolicy.UnlessStopped,
                    Init = true,
                };
                var reader = new Container("reader", image)
                {
                    Environment = new() { ["PAGE"] = web.InternalUrl(80) },
                    Networks = [network],
                    Mounts = [Mount.Volume(data, "/data")],
                };
                return new()
                {
                    Hosts =
                    [
                        new Host("here")
                        {
                            Docker = new() { Endpoint = Endpoint, Prepare = false },
                            Networks = [network], Volumes = [data], Containers = [web, reader],
                        },
                    ],
                    Outputs = new() { ["url"] = web.Url(80) },
                };
            }
        }
        """;

    /// <summary>One of each: image, network, volume and container.</summary>
    private const string SmallSource = """
        using Provision.Model;

        public sealed class Small : StackDefinition
        {
            public string Endpoint { get; init; } = "";

            public override Stack Define()
            {
                var network = new ContainerNetwork("net");
                var data = new ContainerVolume("data");
                var app = new Container("app", "provision-lab/tiny:1") { Networks = [network], Mounts = [Mount.Volume(data, "/data")] };
                return new()
                {
                    Hosts = [new Host("here") { Docker = new() { Endpoint = Endpoint, Prepare = false }, Networks = [network], Volumes = [data], Containers = [app] }],
                };
            }
        }
        """;

    /// <summary>Two containers; the second has to wait until a test opens the first's gate.</summary>
    private const string GatedSource = """
        using System;
        using Provision.Model;

        public sealed class Gated : StackDefinition
        {
            public string Endpoint { get; init; } = "";
            public string Gate { get; init; } = "";

            public override Stack Define()
            {
                var first = new Container("first", "provision-lab/tiny:1")
                {
                    Mounts = [Mount.Bind(Gate, "/gate", readOnly: true)],
                    Health = HealthCheck.Command("test", "-e", "/gate/open") with { Interval = TimeSpan.FromSeconds(1), StartPeriod = TimeSpan.FromMinutes(10) },
                    Restart = RestartPolicy.Always,
                };
                var second = new Container("second", "provision-lab/tiny:1") { Lifecycle = new() { DependsOn = [first] }, Restart = RestartPolicy.Always };
                return new() { Hosts = [new Host("here") { Docker = new() { Endpoint = Endpoint, Prepare = false }, Containers = [first, second] }] };
            }
        }
        """;

    /// <summary>Any number of small containers.</summary>
    private const string ManySource = """
        using Provision.Model;

        public sealed class Many : StackDefinition
        {
            public string Endpoint { get; init; } = "";
            public int Count { get; init; } = 1;

            public override Stack Define() => new()
            {
                Hosts =
                [
                    new Host("here")
                    {
                        Docker = new() { Endpoint = Endpoint, Prepare = false },
                        Networks = [new ContainerNetwork("net")],
                        Containers = Each(Count, n => new Container($"c-{n:0000}", "provision-lab/tiny:1")
                        {
                            Networks = ["net"], Limits = new() { Memory = 8.MiB, Pids = 10 }, Environment = new() { ["NUMBER"] = $"{n}" },
                        }),
                    },
                ],
            };
        }
        """;
}
