using System.Reflection;
using Provision.Model;
using Provision.Model.Checks;
using Provision.Tests.Providers.Lowering;
using Xunit;

namespace Provision.Tests.Model;

public sealed class StackCheckTests
{
    [Fact]
    public void A_sound_stack_has_no_problems() => Assert.Empty(StackCheck.Run(new Quickstart().Define(), "quickstart"));

    [Fact]
    public void A_stack_without_hosts_is_an_error()
    {
        var problem = Assert.Single(StackCheck.Run(new Stack()));
        Assert.Equal(("PROV1101", ProblemSeverity.Error, "Hosts"), (problem.Code, problem.Severity, problem.Place));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-web")]
    [InlineData("web/1")]
    [InlineData("wéb")]
    [InlineData("web 1")]
    [InlineData("web\n")]
    public void A_name_that_a_daemon_refuses_is_found(string name) =>
        Expect($"""PROV1102 Hosts["here"].Containers["{name}"]""", Containers(new Container(name, "nginx")));

    [Fact]
    public void A_name_is_measured_with_the_stacks_own()
    {
        Expect($"""PROV1102 Hosts["here"].Containers["{new string('x', 64)}"]""", Containers(new Container(new string('x', 64), "nginx")));
        var volume = new string('v', 200);
        var host = new Host("here") { Volumes = [new ContainerVolume(volume)] };
        Expect("", host);
        Assert.Equal(["PROV1102"], StackCheck.Run(new Stack { Hosts = [host] }, new string('s', 60)).Select(problem => problem.Code));
    }

    [Fact]
    public void A_name_used_twice_is_found_on_one_host_and_over_hosts_but_not_over_kinds()
    {
        Expect("""PROV1103 Hosts["here"].Containers["web"]""", Containers(new Container("web", "nginx"), new Container("web", "nginx")));
        Expect("", new Host("here") { Containers = [new Container("web", "nginx")], Networks = [new ContainerNetwork("web")], Volumes = [new ContainerVolume("web")] });
        Expect(
            """PROV1103 Hosts["there"].Containers["web"]""",
            Containers(new Container("web", "nginx")),
            new Host("there") { Docker = new() { Endpoint = "unix:///run/other.sock" }, Containers = [new Container("web", "nginx")] });
        Expect("""PROV1103 Hosts["here"]""", new Host("here"), new Host("here") { Docker = new() { Endpoint = "unix:///run/other.sock" } });
    }

    [Fact]
    public void Unknown_networks_and_volumes_are_found_and_what_there_is_is_named()
    {
        var problems = StackCheck.Run(new Stack
        {
            Hosts = [new Host("here") { Networks = [new ContainerNetwork("front")], Containers = [new Container("web", "nginx") { Networks = ["frnt"], Mounts = [Mount.Volume("data", "/data")] }] }],
        });

        Assert.Equal(
            ["PROV1104 There is no network 'frnt' here; its networks are front.", "PROV1105 There is no volume 'data' here; it has no volumes."],
            problems.Select(problem => $"{problem.Code} {problem.Detail}"));
    }

    [Fact]
    public void References_to_what_is_not_in_the_stack_are_found_wherever_they_are()
    {
        var lost = new Container("lost", "nginx") { Ports = [80] };
        var web = new Container("web", "nginx")
        {
            Environment = new() { ["A"] = lost.Address },
            Command = [lost.Url(80)],
            Networks = [new ContainerNetwork("gone")],
            Mounts = [Mount.Volume(new ContainerVolume("gone"), "/data")],
            Lifecycle = new() { DependsOn = [lost] },
        };

        Assert.Equal(
            [
                """PROV1106 Hosts["here"].Containers["web"].Lifecycle.DependsOn[0]""",
                """PROV1106 Hosts["here"].Containers["web"].Networks[0]""",
                """PROV1106 Hosts["here"].Containers["web"].Mounts[0]""",
                """PROV1106 Hosts["here"].Containers["web"].Environment["A"]""",
                """PROV1106 Hosts["here"].Containers["web"].Command""",
                """PROV1106 Hosts["here"].Containers["web"].Command""",
                """PROV1106 Outputs["url"]""",
                """PROV1106 Outputs["url"]""",
            ],
            Run(new Stack { Hosts = [Containers(web)], Outputs = new() { ["url"] = lost.Url(80) } }));
    }

    [Fact]
    public void What_is_on_another_host_cannot_be_used()
    {
        var network = new ContainerNetwork("net");
        Expect(
            """PROV1133 Hosts["here"].Containers["web"].Networks[0]""",
            Containers(new Container("web", "nginx") { Networks = [network] }),
            new Host("there") { Docker = new() { Endpoint = "unix:///run/other.sock" }, Networks = [network] });
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "0.0.0.0", true)]
    [InlineData("::", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    public void Two_containers_cannot_publish_one_port(string first, string second, bool clash) => Expect(
        clash ? """PROV1107 Hosts["here"].Containers["b"].Ports[0]""" : "",
        Containers(
            new Container("a", "nginx") { Ports = [new Port(80) { Host = 8080, Ip = first }] },
            new Container("b", "nginx") { Ports = [new Port(80) { Host = 8080, Ip = second }] }));

    [Fact]
    public void Other_protocols_and_unfixed_ports_do_not_clash() => Expect(
        "",
        Containers(
            new Container("a", "nginx") { Ports = [80, new Port(53) { Host = 53 }] },
            new Container("b", "nginx") { Ports = [80, new Port(53) { Host = 53, Protocol = PortProtocol.Udp }] }));

    [Theory]
    [InlineData(0, 8080, "PROV1108", ".Container")]
    [InlineData(65536, 8080, "PROV1108", ".Container")]
    [InlineData(80, 0, "PROV1108", ".Host")]
    [InlineData(80, 70000, "PROV1108", ".Host")]
    public void Ports_out_of_range_are_found(int container, int host, string code, string member) => Expect(
        $"""{code} Hosts["here"].Containers["web"].Ports[0]{member}""", Containers(new Container("web", "nginx") { Ports = [new Port(container) { Host = host }] }));

    [Fact]
    public void Ports_are_published_on_addresses_and_referred_to_only_when_published()
    {
        Expect("""PROV1109 Hosts["here"].Containers["web"].Ports[0].Ip""", Containers(new Container("web", "nginx") { Ports = [new Port(80) { Ip = "localhost" }] }));
        var web = new Container("web", "nginx") { Ports = [80] };
        Assert.Equal(
            ["PROV1110 Outputs[\"a\"]", "PROV1111 Outputs[\"b\"]"],
            Run(new Stack { Hosts = [Containers(web)], Outputs = new() { ["a"] = web.PublishedPort(81).AsText(), ["b"] = web.AddressOn("net") } }));
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.5/24")]
    [InlineData("10.0.0.0/33")]
    [InlineData("lab")]
    public void A_subnet_that_is_none_is_found(string subnet) => Expect(
        """PROV1112 Hosts["here"].Networks["net"].Subnet""", new Host("here") { Networks = [new ContainerNetwork("net") { Subnet = subnet }] });

    [Fact]
    public void Overlapping_subnets_are_found_however_they_are_ordered_and_nested()
    {
        var host = new Host("here")
        {
            Networks =
            [
                new ContainerNetwork("a") { Subnet = "10.9.0.0/16" },
                new ContainerNetwork("b") { Subnet = "10.0.0.0/9" },
                new ContainerNetwork("c") { Subnet = "10.127.0.0/24" },
                new ContainerNetwork("d") { Subnet = "10.128.0.0/9" },
                new ContainerNetwork("e") { Subnet = "9.0.0.0/8" },
                new ContainerNetwork("f") { Subnet = "fd00::/64" },
            ],
        };

        Assert.Equal(["PROV1113 Hosts[\"here\"].Networks[\"a\"].Subnet", "PROV1113 Hosts[\"here\"].Networks[\"c\"].Subnet"], Run(new Stack { Hosts = [host] }));
    }

    [Theory]
    [InlineData("10.0.1.5")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.7")]
    [InlineData("web")]
    public void A_fixed_address_must_be_free_and_in_the_subnet(string address) => Expect(
        """PROV1114 Hosts["here"].Containers["web"].Networks[0].Address""",
        new Host("here")
        {
            Networks = [new ContainerNetwork("net") { Subnet = "10.0.0.0/24", Gateway = "10.0.0.1" }],
            Containers =
            [
                new Container("db", "nginx") { Networks = [new NetworkAttachment("net") { Address = "10.0.0.7" }] },
                new Container("web", "nginx") { Networks = [new NetworkAttachment("net") { Address = address }] },
            ],
        });

    [Fact]
    public void Addresses_need_a_subnet_to_lie_in()
    {
        Expect(
            """PROV1114 Hosts["here"].Containers["web"].Networks[0].Address""",
            new Host("here") { Networks = [new ContainerNetwork("net")], Containers = [new Container("web", "nginx") { Networks = [new NetworkAttachment("net") { Address = "10.0.0.7" }] }] });
        Expect("""PROV1114 Hosts["here"].Networks["net"].Gateway""", new Host("here") { Networks = [new ContainerNetwork("net") { Gateway = "10.0.0.1" }] });
        Expect(
            """PROV1114 Hosts["here"].Networks["net"].Gateway""",
            new Host("here") { Networks = [new ContainerNetwork("net") { Subnet = "10.0.0.0/24", Gateway = "10.0.1.1" }] });
    }

    [Fact]
    public void Limits_are_within_what_the_engine_takes()
    {
        Expect("""PROV1115 Hosts["here"].Containers["web"].Limits.Memory""", Limited(new() { Memory = 5.MiB }));
        Expect("""PROV1117 Hosts["here"].Containers["web"].Limits.Cpus""", Limited(new() { Cpus = 0 }));
        Expect("""PROV1117 Hosts["here"].Containers["web"].Limits.Cpus""", Limited(new() { Cpus = double.NaN }));
        Expect("""PROV1117 Hosts["here"].Containers["web"].Limits.Pids""", Limited(new() { Pids = 0 }));
        Expect("""PROV1117 Hosts["here"].Containers["web"].Limits.MemorySwap""", Limited(new() { MemorySwap = 32.MiB }));
        Expect("""PROV1117 Hosts["here"].Containers["web"].Limits.MemorySwap""", Limited(new() { Memory = 64.MiB, MemorySwap = 32.MiB }));
        Expect("", Limited(new() { Memory = 6.MiB, Cpus = 0.01, Pids = 1, MemorySwap = 6.MiB }));

        static Host Limited(ContainerLimits limits) => Containers(new Container("web", "nginx") { Limits = limits });
    }

    [Fact]
    public void Capacity_and_overcommit_are_more_than_nothing()
    {
        Expect("""PROV1117 Hosts["here"].Overcommit.Cpu""", new Host("here") { Overcommit = new() { Cpu = 0 } });
        Expect("""PROV1117 Hosts["here"].Capacity.Memory""", new Host("here") { Capacity = new() { Memory = 0.MiB } });
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("nginx:1.27")]
    [InlineData("registry.example.edu:5000/team/app_x:v1.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("localhost/app")]
    public void A_valid_image_reference_passes(string reference) => Expect("", Containers(new Container("web", reference)));

    [Theory]
    [InlineData("")]
    [InlineData("Nginx")]
    [InlineData("nginx:")]
    [InlineData("nginx latest")]
    [InlineData("https://registry.example.edu/app")]
    [InlineData("nginx@sha256:12")]
    [InlineData("a//b")]
    [InlineData("$(reboot)")]
    public void An_invalid_image_reference_is_found(string reference) =>
        Expect("""PROV1118 Hosts["here"].Containers["web"].Image""", Containers(new Container("web", reference)));

    [Fact]
    public void Built_images_stay_inside_the_workspace_and_have_one_meaning_a_name()
    {
        Expect("""PROV1119 Hosts["here"].Containers["web"].Image""", Containers(new Container("web", ContainerImage.Build("../app"))));
        Expect("""PROV1119 Hosts["here"].Containers["web"].Image""", Containers(new Container("web", ContainerImage.Build("/app"))));
        Expect("""PROV1119 Hosts["here"].Containers["web"].Image""", Containers(new Container("web", ContainerImage.Build("app") with { Dockerfile = "../Dockerfile" })));
        Expect("""PROV1119 Hosts["here"].Containers["web"].Image""", Containers(new Container("web", ContainerImage.Tiny("a b"))));
        Expect("""PROV1123 Hosts["here"].Images[0].Files[0].Path""", new Host("here") { Images = [ContainerImage.Tiny() with { Files = [new ImageFile("../x", "")] }] });
        Expect("", Containers(new Container("a", ContainerImage.Tiny()), new Container("b", ContainerImage.Tiny())));
        Expect(
            """PROV1103 Hosts["here"].Containers["b"].Image""",
            Containers(new Container("a", ContainerImage.Tiny()), new Container("b", ContainerImage.Tiny("tiny", "httpd"))));
    }

    [Fact]
    public void A_cycle_is_found_and_named()
    {
        var db = new Container("db", "nginx");
        var web = new Container("web", "nginx") { Lifecycle = new() { DependsOn = [db] } };
        var host = new Host("here") { Containers = [db, web] };
        var other = new Host("there") { Docker = new() { Endpoint = "unix:///run/other.sock" }, Containers = [new Container("self", "nginx") { Lifecycle = new() { DependsOn = [host] } }] };
        Expect("", host, other);

        // Immutable objects cannot hold each other, so a circle goes through a host, which is there when all that is on it is.
        var late = new Container("late", "nginx");
        var waiting = new Host("waiting") { Lifecycle = new() { DependsOn = [late] }, Containers = [late] };
        var problem = Assert.Single(StackCheck.Run(new Stack { Hosts = [waiting] }));
        Assert.Equal("PROV1120", problem.Code);
        Assert.StartsWith("late -> late:", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_health_check_can_be_run()
    {
        Expect("""PROV1121 Hosts["here"].Containers["web"].Health""", Healthy(HealthCheck.Command()));
        Expect("""PROV1121 Hosts["here"].Containers["web"].Health""", Healthy(HealthCheck.Http(80, "/'; reboot; '")));
        Expect("""PROV1108 Hosts["here"].Containers["web"].Health.Port""", Healthy(HealthCheck.Tcp(0)));
        Expect("""PROV1121 Hosts["here"].Containers["web"].Health.Retries""", Healthy(HealthCheck.Tcp(80) with { Retries = 0 }));
        Expect("""PROV1126 Hosts["here"].Containers["web"].Health.Interval""", Healthy(HealthCheck.Tcp(80) with { Interval = TimeSpan.Zero }));
        Expect("""PROV1126 Hosts["here"].Containers["web"].Health.Timeout""", Healthy(HealthCheck.Tcp(80) with { Timeout = TimeSpan.FromTicks(1) }));
        Expect("""PROV1126 Hosts["here"].Containers["web"].Health.StartPeriod""", Healthy(HealthCheck.Tcp(80) with { StartPeriod = TimeSpan.FromSeconds(-1) }));
        Expect("""PROV1126 Hosts["here"].Containers["web"].Health.WaitLimit""", Healthy(HealthCheck.Tcp(80) with { WaitLimit = TimeSpan.Zero }));

        static Host Healthy(HealthCheck health) => Containers(new Container("web", "nginx") { Health = health });
    }

    [Theory]
    [InlineData("")]
    [InlineData("A=B")]
    [InlineData("A B")]
    public void The_name_of_an_environment_variable_is_checked(string name) => Expect(
        $"""PROV1122 Hosts["here"].Containers["web"].Environment["{name}"]""", Containers(new Container("web", "nginx") { Environment = new() { [name] = "x" } }));

    [Fact]
    public void Paths_in_a_container_are_absolute_and_used_once()
    {
        Expect("""PROV1123 Hosts["here"].Containers["web"].Mounts[0].Target""", Web(web => web with { Mounts = [Mount.Tmpfs("tmp")] }));
        Expect("""PROV1123 Hosts["here"].Containers["web"].Mounts[0].Target""", Web(web => web with { Mounts = [Mount.Tmpfs("/")] }));
        Expect("""PROV1123 Hosts["here"].Containers["web"].Mounts[0].Source""", Web(web => web with { Mounts = [Mount.Bind("../etc", "/etc/x")] }));
        Expect("""PROV1117 Hosts["here"].Containers["web"].Mounts[0].Size""", Web(web => web with { Mounts = [Mount.Tmpfs("/tmp", 0.MiB)] }));
        Expect("""PROV1123 Hosts["here"].Containers["web"].Files[0].Path""", Web(web => web with { Files = [new ContainerFile("/etc/", "x")] }));
        Expect("""PROV1125 Hosts["here"].Containers["web"].Files[0].Mode""", Web(web => web with { Files = [new ContainerFile("/etc/x", "x") { Mode = "644" }] }));
        Expect("""PROV1124 Hosts["here"].Containers["web"].Mounts[1]""", Web(web => web with { Mounts = [Mount.Tmpfs("/a"), Mount.Tmpfs("/a/")] }));
        Expect("""PROV1131 Hosts["here"].Containers["web"].Files[0]""", Web(web => web with { ReadOnlyRoot = true, Files = [new ContainerFile("/etc/x", "x")] }));
        Expect("""PROV1123 Hosts["here"].Containers["web"].WorkingDirectory""", Web(web => web with { WorkingDirectory = "srv" }));
    }

    [Fact]
    public void Texts_and_times_are_checked()
    {
        Expect("""PROV1125 Hosts["here"].Containers["web"].Owner""", Web(web => web with { Owner = "alice\nbob" }));
        Expect("""PROV1125 Hosts["here"].Networks["net"].Owner""", new Host("here") { Networks = [new ContainerNetwork("net") { Owner = " " }] });
        Expect("""PROV1132 Hosts["here"].Volumes["v"].Labels["provision.urn"]""", new Host("here") { Volumes = [new ContainerVolume("v") { Labels = new() { ["provision.urn"] = "x" } }] });
        Expect("""PROV1125 Hosts["here"].Containers["web"].Hostname""", Web(web => web with { Hostname = "a_b" }));
        Expect("""PROV1125 Hosts["here"].Containers["web"].User""", Web(web => web with { User = "" }));
        Expect("""PROV1125 Hosts["here"].Containers["web"].StopSignal""", Web(web => web with { StopSignal = "TERM!" }));
        Expect("""PROV1125 Hosts["here"].Containers["web"].Capabilities""", Web(web => web with { Capabilities = new() { Add = ["net-admin"] } }));
        Expect("""PROV1126 Hosts["here"].Containers["web"].StopTimeout""", Web(web => web with { StopTimeout = TimeSpan.FromSeconds(-1) }));
        Expect("""PROV1126 Hosts["here"].Containers["web"].Lifecycle.Timeouts.Create""", Web(web => web with { Lifecycle = new() { Timeouts = new(Create: TimeSpan.Zero) } }));
        Expect("""PROV1125 Hosts["here"].Containers["web"].Lifecycle.IgnoreChanges[0]""", Web(web => web with { Lifecycle = new() { IgnoreChanges = ["labels[0"] } }));
        Expect("""PROV1102 Hosts["here"].Containers["web"].Lifecycle.Aliases""", Web(web => web with { Lifecycle = new() { Aliases = ["a b"] } }));
        Expect("""PROV1127 Hosts["here"].Containers["web"].Restart""", Web(web => web with { Restart = RestartPolicy.OnFailure(-1) }));
        Expect("""PROV1127 Hosts["here"].Containers["web"].Restart""", Web(web => web with { Kind = ContainerKind.Job, Restart = RestartPolicy.Always }));
        Expect("", Web(web => web with { Kind = ContainerKind.Job, Restart = RestartPolicy.OnFailure(3) }));
    }

    [Fact]
    public void Hosts_are_reachable_and_no_two_are_one_engine()
    {
        Expect("""PROV1128 Hosts["here"].Address""", new Host("here") { Address = "ssh://ops@lab" });
        Expect("""PROV1129 Hosts["there"]""", new Host("here"), new Host("there"));
        Expect("""PROV1130 Hosts["here"].Docker.Endpoint""", new Host("here") { Docker = new() { Endpoint = "docker.sock" } });
        Expect("""PROV1130 Hosts["here"].Docker.Endpoint""", new Host("here") { Docker = new() { Endpoint = "tcp://0.0.0.0:2375" } });
        Expect("", new Host("here") { Docker = new() { Endpoint = "tcp://127.0.0.1:2375", Prepare = false } });
        Expect("""PROV1125 Hosts["here"].Packages["-rf"]""", new Host("here") { Packages = ["-rf"] });
        Expect("""PROV1103 Hosts["here"].Packages["git"]""", new Host("here") { Packages = ["git", "git"] });
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_and_every_one_says_what_to_do()
    {
        var problems = StackCheck.Run(new Stack
        {
            Hosts =
            [
                Containers(
                    new Container("a b", "Nginx") { Ports = [0], Networks = ["x"] },
                    new Container("web", "nginx") { Limits = new() { Memory = 1.MiB }, Owner = "" }),
            ],
        });

        Assert.Equal(["PROV1102", "PROV1118", "PROV1108", "PROV1115", "PROV1125", "PROV1104"], problems.Select(problem => problem.Code));
        Assert.All(problems, problem => Assert.True(problem is { Summary.Length: > 10, Detail.Length: > 10, Remedy.Length: > 10 }, problem.ToString()));
    }

    [Fact]
    public void A_problem_names_the_line_that_declares_it()
    {
        var problem = Assert.Single(StackCheck.Run(new Stack { Hosts = [Containers(new Container("web", "Nginx", "stacks/Lab.cs", 12))] }));
        Assert.Equal(new SourceLine("stacks/Lab.cs", 12), problem.Source);
    }

    [Fact]
    public void Every_kind_of_problem_has_a_code_of_its_own()
    {
        var factories = typeof(StackProblems).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType == typeof(Problem)).ToArray();
        var place = typeof(Place).GetMethod("Root")?.Invoke(null, ["x"]);
        var codes = factories.Select(factory => ((Problem?)factory.Invoke(null, [.. factory.GetParameters().Select(parameter => Sample(parameter.ParameterType))]))?.Code).ToArray();

        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^PROV11[0-9]{2}$", code));

        object? Sample(Type type) =>
            type == typeof(Place) ? place
            : type == typeof(string) ? "x"
            : type == typeof(IEnumerable<string>) ? Array.Empty<string>()
            : type == typeof(IEnumerable<int>) ? Array.Empty<int>()
            : type == typeof(HypervisorKind) ? HypervisorKind.Kvm : Activator.CreateInstance(type);
    }

    [Fact]
    public void Checking_grows_with_the_number_of_containers_and_not_its_square()
    {
        var (small, large) = (StackLoweringTests.Classroom(1_000), StackLoweringTests.Classroom(8_000));
        Assert.Empty(StackCheck.Run(StackLoweringTests.Classroom(5_000)));

        Assert.InRange((double)Allocated(large) / Allocated(small), 4, 12);

        static long Allocated(Stack stack)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Empty(StackCheck.Run(stack));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Host Containers(params Container[] containers) => new("here") { Containers = [.. containers] };

    private static Host Web(Func<Container, Container> change) => Containers(change(new Container("web", "nginx")));

    private static void Expect(string expected, params Host[] hosts) => Assert.Equal(expected.Length == 0 ? [] : [expected], Run(new Stack { Hosts = [.. hosts] }));

    private static IEnumerable<string> Run(Stack stack) => StackCheck.Run(stack).Select(problem => $"{problem.Code} {problem.Place}");
}
