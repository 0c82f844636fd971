using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Providers.Lowering;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Providers.Lowering;

public sealed class StackLoweringTests
{
    private static readonly LoweringContext Context = new() { Project = "lab", StackName = "dev", WorkspaceFolder = "/srv" };

    [Fact]
    public void The_quickstart_lowers_to_its_golden_goals()
    {
        var stack = new Quickstart().Define();

        Assert.Empty(StackCheck.Run(stack, "quickstart"));
        Golden.Match(
            GoalText.Of(StackLowering.Lower(stack, new LoweringContext { Project = "provision", StackName = "quickstart", WorkspaceFolder = Golden.Repository })),
            "lowering-quickstart.txt");
    }

    [Fact]
    public void Every_setting_of_every_kind_lowers_to_its_golden_goals()
    {
        var stack = Everything();

        Assert.Empty(StackCheck.Run(stack, "dev"));
        Golden.Match(GoalText.Of(StackLowering.Lower(stack, Context)), "lowering-everything.txt");
    }

    [Fact]
    public void Lowering_twice_gives_equal_goals_in_one_order()
    {
        Assert.Equal(GoalText.Of(StackLowering.Lower(Everything(), Context)), GoalText.Of(StackLowering.Lower(Everything(), Context)));
    }

    [Fact]
    public void Whatever_a_goal_needs_comes_before_it_even_where_it_was_declared_after()
    {
        var last = new Container("last", "busybox") { Networks = ["net"] };
        var first = new Container("first", "busybox") { Environment = new() { ["PEER"] = last.Address }, Lifecycle = new() { DependsOn = [last] } };
        var goals = Lower(new Host("here") { Containers = [first, last], Networks = [new ContainerNetwork("net")] });

        var seen = new HashSet<Urn>();
        foreach (var goal in goals)
        {
            Assert.All(goal.Options.DependsOn, urn => Assert.Contains(urn, seen));
            Assert.True(goal.Parent is not { } parent || seen.Contains(parent), $"{goal.Urn} comes before its parent");
            Assert.True(goal.Provider is not { } provider || seen.Contains(provider), $"{goal.Urn} comes before its provider");
            seen.Add(goal.Urn);
        }

        Assert.Equal(["last", "first"], goals.Where(goal => goal.Type.Name == "Container").Select(goal => goal.Urn.Name));
    }

    [Fact]
    public void An_environment_entry_with_a_secret_is_a_secret_as_a_whole()
    {
        var goal = Only(new Container("web", "busybox") { Environment = new() { ["A"] = Value.Secret("x"), ["B"] = $"pre-{Value.Secret("y")}", ["C"] = "z" } });

        Assert.Equal("""[secret("A=x"), secret("B=pre-y"), "C=z"]""", GoalText.Of(goal.Inputs["envs"]));
    }

    [Fact]
    public void A_fixed_port_is_a_literal_and_still_a_dependency()
    {
        var web = new Container("web", "busybox") { Ports = [new Port(80) { Host = 8080 }, 443] };
        var goals = Lower(new Host("here")
        {
            Containers = [web, new Container("probe", "busybox") { Environment = new() { ["PLAIN"] = web.Url(80), ["TLS"] = web.Url(443, "https") } }],
        });
        var probe = goals.Single(goal => goal.Urn.Name == "probe");

        Assert.Equal("""["PLAIN=http://127.0.0.1:8080", join("TLS=https://127.0.0.1:", ${web.ports[1].external})]""", GoalText.Of(probe.Inputs["envs"]));
        Assert.Equal(["web"], probe.Options.DependsOn.Select(urn => urn.Name));
    }

    [Fact]
    public void An_address_is_looked_up_at_the_place_of_its_network_among_the_sorted_names()
    {
        var db = new Container("db", "busybox") { Networks = ["front", "back", new NetworkAttachment("mid") { Address = "10.1.0.9" }] };
        var goals = Lower(new Host("here")
        {
            Networks = [new ContainerNetwork("front"), new ContainerNetwork("back"), new ContainerNetwork("mid") { Subnet = "10.1.0.0/24" }],
            Containers = [db, new Container("app", "busybox") { Command = [db.Address, db.AddressOn("back"), db.AddressOn("mid")] }],
        });

        Assert.Equal(
            """[join(${db.networkDatas[1].ipAddress}), join(${db.networkDatas[0].ipAddress}), "10.1.0.9"]""",
            GoalText.Of(goals.Single(goal => goal.Urn.Name == "app").Inputs["command"]));
    }

    [Fact]
    public void One_image_serves_all_containers_of_a_host()
    {
        var goals = Lower(new Host("here")
        {
            Containers = [.. Declare.Each(30, n => new Container($"tiny-{n}", ContainerImage.Tiny())), .. Declare.Each(30, n => new Container($"nginx-{n}", "nginx:1.27"))],
        });

        Assert.Equal(
            ["Image here/tiny", "RemoteImage here/nginx:1.27"],
            goals.Where(goal => goal.Type.Name.EndsWith("Image", StringComparison.Ordinal)).Select(goal => $"{goal.Type.Name} {goal.Urn.Name}"));
    }

    [Fact]
    public void An_unprepared_host_gets_nothing_installed()
    {
        var goals = Lower(new Host("here") { Docker = new() { Prepare = false }, Containers = [new Container("web", "nginx")] });

        Assert.DoesNotContain(goals, goal => goal.Type.Package == "host" && !goal.Type.IsProvider);
        Assert.Equal("/srv/docker.sock", Lower(new Host("here") { Docker = new() { Endpoint = "unix:///srv/docker.sock" } })
            .Single(goal => goal.Type.Name == "Service").Inputs["readySocket"].ToString());
    }

    [Fact]
    public void An_engine_that_shall_go_with_the_stack_is_neither_retained_nor_kept()
    {
        var goals = Lower(new Host("here") { Docker = new() { KeepOnDestroy = false } });

        Assert.All(goals.Where(goal => goal.Type.Name is "Service" or "Package"), goal =>
        {
            Assert.Null(goal.Options.RetainOnDelete);
            Assert.Equal((PropertyValue)false, goal.Inputs["keep"]);
        });
    }

    [Fact]
    public void A_source_line_is_told_relative_to_the_workspace_or_not_at_all()
    {
        Assert.Equal("project:///stacks/My%20Lab.cs#12", SourceOf("/srv/stacks/My Lab.cs"));
        Assert.Equal("project:///stacks/Lab.cs#12", SourceOf("stacks/Lab.cs"));
        Assert.Null(SourceOf("/elsewhere/Lab.cs"));
        Assert.Null(SourceOf(""));

        static string? SourceOf(string file) =>
            Lower(new Host("here") { Containers = [new Container("web", "nginx", file, 12)] }).Single(goal => goal.Type.Name == "Container").SourcePosition;
    }

    [Fact]
    public void An_image_name_has_no_capitals_and_no_two_separators_side_by_side()
    {
        var goals = StackLowering.Lower(
            new Stack { Hosts = [new Host("here") { Containers = [new Container("web", ContainerImage.Tiny("Site"))] }] }, Context with { StackName = "Lab_" });

        Assert.Equal("lab-site:latest", goals.Single(goal => goal.Type.Name == "Image").Inputs["imageName"].ToString());
    }

    [Fact]
    public void Old_names_become_aliases_of_the_same_kind_and_place()
    {
        var goal = Only(new Container("web", "nginx") { Lifecycle = new() { Aliases = ["www"], Protect = true, Timeouts = new(Create: TimeSpan.FromMinutes(5)) } });

        Assert.Equal([goal.Urn.WithName("www")], goal.Options.Aliases);
        Assert.True(goal.Options.Protect);
        Assert.Equal(TimeSpan.FromMinutes(5), goal.Options.CustomTimeouts?.Create);
    }

    [Fact]
    public void Lowering_grows_with_the_number_of_containers_and_not_its_square()
    {
        var (small, large) = (Classroom(1_000), Classroom(8_000));
        _ = StackLowering.Lower(small, Context);

        Assert.InRange((double)Allocated(large) / Allocated(small), 4, 12);

        static long Allocated(Stack stack)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(StackLowering.Lower(stack, Context));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_chain_of_five_thousand_containers_is_ordered()
    {
        var chain = ImmutableArray.CreateBuilder<Container>();
        for (var n = 1; n <= 5_000; n++)
        {
            chain.Add(new Container($"link-{n}", "nginx") { Lifecycle = new() { DependsOn = n == 1 ? [] : [chain[^1]] } });
        }

        chain.Reverse();
        var stack = new Stack { Hosts = [new Host("here") { Containers = chain.ToImmutable() }] };

        Assert.Empty(StackCheck.Run(stack));
        Assert.Equal("link-5000", StackLowering.Lower(stack, Context)[^1].Urn.Name);
    }

    internal static Stack Classroom(int count)
    {
        var network = new ContainerNetwork("class") { Subnet = "10.0.0.0/8" };
        return new Stack
        {
            Hosts =
            [
                new Host("here")
                {
                    Networks = [network],
                    Containers = Declare.Each(count, n => new Container($"student-{n}", ContainerImage.Tiny())
                    {
                        Networks = [new NetworkAttachment(network) { Address = $"10.1.{n / 250}.{(n % 250) + 1}" }],
                        Ports = [new Port(80) { Host = 10_000 + n }],
                        Owner = $"student-{n}@example.edu",
                    }),
                },
            ],
        };
    }

    private static ImmutableArray<ResourceGoal> Lower(Host host) => StackLowering.Lower(new Stack { Hosts = [host] }, Context);

    private static ResourceGoal Only(Container container) =>
        Lower(new Host("here") { Containers = [container] }).Single(goal => goal.Type.Name == "Container");

    private static Stack Everything()
    {
        var front = new ContainerNetwork("front")
        {
            Subnet = "10.20.0.0/24",
            Gateway = "10.20.0.1",
            Internal = true,
            Options = new() { ["mtu"] = "1400" },
            Owner = "ops",
            Labels = new() { ["team"] = "a" },
        };
        var data = new ContainerVolume("data") { Keep = true, Options = new() { ["type"] = "tmpfs" }, Owner = "ops" };
        var full = new Container("full", ContainerImage.Build("app") with { Target = "prod", Arguments = new() { ["V"] = Value.Secret("1") }, Dockerfile = "Containerfile" })
        {
            Command = ["serve", "--all"],
            Entrypoint = ["/init"],
            Environment = new() { ["B"] = "2", ["A"] = "1" },
            Ports = [80, new Port(53) { Host = 5353, Ip = "::", Protocol = PortProtocol.Udp }],
            Mounts = [Mount.Volume(data, "/data"), Mount.Bind("/srv", "/srv", readOnly: true), Mount.Tmpfs("/tmp", 64.MiB)],
            Files = [new ContainerFile("/etc/app.conf", "x=1") { Mode = "0600" }],
            Networks = [new NetworkAttachment(front) { Aliases = ["app"], Address = "10.20.0.9" }],
            Health = HealthCheck.Tcp(80) with { StartPeriod = TimeSpan.FromSeconds(20), Interval = TimeSpan.FromMilliseconds(1500) },
            Limits = new() { Cpus = 0.5, Memory = 128.MiB, MemorySwap = 256.MiB, Pids = 100 },
            Capabilities = new() { Add = ["NET_ADMIN"], Drop = ["ALL"] },
            User = "1000:1000",
            WorkingDirectory = "/srv",
            Hostname = "full",
            Init = true,
            Restart = RestartPolicy.OnFailure(3),
            StopTimeout = TimeSpan.FromSeconds(2.5),
            StopSignal = "SIGINT",
            Owner = "alice",
            Labels = new() { ["course"] = "os-101" },
        };
        return new Stack
        {
            Hosts =
            [
                new Host("here")
                {
                    Packages = ["git", new HostPackage("vim") { Version = "2:9.0", Command = "vi", Keep = false }],
                    Networks = [front],
                    Volumes = [data],
                    Images = [new RegistryImage("alpine:3.20") { Platform = "linux/arm64" }],
                    Containers =
                    [
                        full,
                        new Container("job", ContainerImage.Tiny("tool", "true") with { Files = [new ImageFile("/a", "b")], Directories = ["/var/x"] })
                        {
                            Kind = ContainerKind.Job,
                            Lifecycle = new() { DependsOn = [full], IgnoreChanges = ["memory"], DeleteBeforeReplace = false },
                        },
                        new Container("shelf", "nginx:1.27")
                        {
                            Kind = ContainerKind.Created, Privileged = true, ReadOnlyRoot = true,
                            Health = HealthCheck.Command("true"), WaitUntilHealthy = false,
                        },
                    ],
                },
            ],
            Outputs = new() { ["address"] = full.Address, ["id"] = full.Id, ["password"] = Value.Secret("s3cret"), ["folder"] = data.Mountpoint, ["port"] = full.PublishedPort(80).AsText() },
        };
    }
}
