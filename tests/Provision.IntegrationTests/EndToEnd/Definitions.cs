namespace Provision.IntegrationTests.EndToEnd;

/// <summary>The stacks that the tests bring up. They use what a lab has: its image, its kernel; so nothing is pulled.</summary>
internal static class Definitions
{
    public const string Pages = "Pages";
    public const string Small = "Small";
    public const string Gated = "Gated";
    public const string Many = "Many";
    public const string Boxes = "Boxes";

    public static string Of(string definition) => definition switch
    {
        Pages => PagesSource,
        Small => SmallSource,
        Gated => GatedSource,
        Many => ManySource,
        Boxes => BoxesSource,
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

    /// <summary>Tiny machines with one disk for their data, and settings for all that can change about them.</summary>
    private const string BoxesSource = """
        using System;
        using System.Linq;
        using Provision.Model;

        public sealed class Boxes : StackDefinition
        {
            public int Count { get; init; } = 1;
            public DataSize Memory { get; init; } = 96.MiB;
            public int Cpus { get; init; } = 1;
            public DataSize Disk { get; init; } = 64.MiB;
            public DataSize Data { get; init; } = 16.MiB;
            public bool MoreNics { get; init; }
            public bool MoreDisks { get; init; }
            public string Greeting { get; init; } = "Hello";
            public string Subnet { get; init; } = "";
            public string Bridge { get; init; } = "";
            public string Folder { get; init; } = "";
            public string Power { get; init; } = "Running";
            public string Ready { get; init; } = "";
            public int Limit { get; init; } = 120;
            public int Shutdown { get; init; } = 30;
            public bool Wait { get; init; } = true;
            public string Command { get; init; } = "";
            public string Image { get; init; } = "";
            public string Mac { get; init; } = "";
            public bool Prepare { get; init; }
            public bool Dhcp { get; init; } = true;
            public string Firmware { get; init; } = "Bios";
            public bool Tpm { get; init; }
            public string Screen { get; init; } = "None";

            public override Stack Define()
            {
                var net = new VirtualNetwork("net")
                {
                    Subnet = Subnet is "" ? null : Subnet, Bridge = Bridge is "" ? null : Bridge, Dhcp = Dhcp, Mode = Dhcp ? NetworkMode.Nat : NetworkMode.Isolated,
                };
                var side = new VirtualNetwork("side") { Mode = NetworkMode.Isolated };
                var boxes = Enumerable.Range(1, Count).Select(n => new VirtualMachine($"box-{n}", Image is "" ? DiskImage.Tiny() : DiskImage.File(Image) with { FirstBoot = FirstBootFormat.None })
                {
                    Memory = Memory,
                    Cpus = Cpus,
                    Disk = Disk,
                    Disks = [new MachineDisk("data", Data) { Keep = true, Mount = Image is "" ? "/data" : null }, .. MoreDisks ? new[] { new MachineDisk("more", 8.MiB) } : []],
                    Networks = [new NetworkInterface(net) { Mac = Mac is "" ? null : Mac }, .. MoreNics ? new NetworkInterface[] { side } : []],
                    FirstBoot = Image is "" ? new() { Files = [new MachineFile("/etc/greeting", Greeting)], Commands = Command is "" ? [] : [Command] } : FirstBoot.Default,
                    WaitForAddress = Wait ? Dhcp ? null : true : false,
                    ShutdownTimeout = TimeSpan.FromSeconds(Shutdown),
                    Firmware = Enum.Parse<Firmware>(Firmware),
                    Tpm = Tpm,
                    Graphics = Enum.Parse<Graphics>(Screen),
                    Power = Enum.Parse<MachinePower>(Power),
                    Ready = Ready is "" ? null : ReadyCheck.Tcp(int.Parse(Ready)) with { Limit = TimeSpan.FromSeconds(Limit) },
                }).ToArray();
                return new()
                {
                    Hosts =
                    [
                        new Host("here")
                        {
                            Hypervisors =
                            [
                                new Hypervisor("vms", HypervisorKind.Qemu)
                                {
                                    Prepare = Prepare,
                                    Networks = [net, .. MoreNics ? new[] { side } : []],
                                    Pools = Folder is "" ? [] : [new StoragePool("disks") { Path = Folder }],
                                    Machines = [.. boxes],
                                },
                            ],
                        },
                    ],
                    Outputs = Power is "Running" && Wait ? new() { ["address"] = boxes[0].Address } : new(),
                };
            }
        }
        """;
}
