using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Providers.Lowering;
using Provision.Tests.Model;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Providers.Lowering;

public sealed class MachineLoweringTests
{
    private static readonly LoweringContext Context = new() { Project = "lab", StackName = "dev", WorkspaceFolder = "/srv" };

    [Fact]
    public void Every_setting_of_every_machine_lowers_to_its_golden_goals()
    {
        var stack = Everything();

        Assert.Empty(StackCheck.Run(stack, "dev"));
        Golden.Match(GoalText.Of(StackLowering.Lower(stack, Context)), "lowering-machines.txt");
    }

    [Fact]
    public void A_domain_refers_to_all_that_has_to_outlive_it()
    {
        var goals = Lower(new Hypervisor("kvm") { Networks = [new VirtualNetwork("net")], Machines = [Tiny() with { Networks = ["net"], Disks = [new MachineDisk("data", 1.GiB)] }] });
        var order = goals.Select(goal => $"{goal.Type.Name} {goal.Urn.Name}").ToList();

        string[] before =
        [
            "Package here/libvirt-daemon-system", "Service here/virtlogd", "Service here/libvirtd", "libvirt kvm", "Pool kvm", "Network net", "BootKernel here/kernel",
            "DiskImage here/tiny", "PrivateKey ssh", "Volume vm/root", "Volume vm/data", "CloudInitDisk vm/seed",
        ];
        Assert.All(before, name => Assert.InRange(order.IndexOf(name), 0, order.IndexOf("Domain vm") - 1));
        Assert.Equal(
            ["Network net", "BootKernel here/kernel", "Volume vm/root", "Volume vm/data", "CloudInitDisk vm/seed"],
            before.Intersect(References(goals.Single(goal => goal.Type.Name == "Domain")).Select(urn => $"{urn.Type.Name} {urn.Name}")));
    }

    [Fact]
    public void One_image_one_kernel_one_pool_and_one_key_serve_all_machines()
    {
        var goals = StackLowering.Lower(MachineCheckTests.Classroom(300), Context);

        Assert.Equal(
            ["BootKernel 1", "CloudInitDisk 300", "DiskImage 1", "Domain 300", "Pool 1", "PrivateKey 1", "RootFileSystem 1", "Volume 600"],
            goals.Where(goal => goal.Custom && !goal.Type.IsProvider).GroupBy(goal => goal.Type.Name).Where(group => group.Key is not ("Network" or "Package" or "Service"))
                .Select(group => $"{group.Key} {group.Count()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_root_file_system_serves_a_container_and_a_machine()
    {
        var site = ContainerImage.Tiny("site", "httpd");
        var goals = StackLowering.Lower(
            new Stack { Hosts = [new Host("here") { Containers = [new Container("web", site)], Hypervisors = [new Hypervisor("kvm") { Machines = [new VirtualMachine("vm", DiskImage.Tiny(site))] }] }] },
            Context);
        var root = goals.Single(goal => goal.Type.Name == "RootFileSystem").Urn;

        Assert.Equal(["Image", "DiskImage"], goals.Where(goal => References(goal).Contains(root)).Select(goal => goal.Type.Name));
    }

    [Fact]
    public void A_host_of_machines_alone_needs_no_docker()
    {
        var goals = Lower(new Hypervisor("kvm") { Machines = [Tiny()] });

        Assert.DoesNotContain(goals, goal => goal.Type.Package == "docker" || goal.Urn.Name.Contains("docker", StringComparison.Ordinal));
        Assert.DoesNotContain(goals, goal => goal.Type == ResourceType.ProviderOf("docker"));
    }

    [Fact]
    public void A_hypervisor_that_is_not_prepared_gets_nothing_installed_but_what_images_are_made_with()
    {
        var goals = Lower(new Hypervisor("kvm") { Prepare = false, Machines = [Tiny()] });

        Assert.DoesNotContain(goals, goal => goal.Type.Name == "Service");
        Assert.Equal(
            ["here/busybox-static", "here/qemu-utils", "here/e2fsprogs", "here/genisoimage"],
            goals.Where(goal => goal.Type.Name == "Package").Select(goal => goal.Urn.Name));
    }

    [Fact]
    public void A_hypervisor_that_shall_go_with_the_stack_is_neither_retained_nor_kept()
    {
        var goals = Lower(new Hypervisor("kvm") { KeepOnDestroy = false });

        Assert.NotEmpty(goals.Where(goal => goal.Type.Name == "Service"));
        Assert.All(goals.Where(goal => goal.Type.Name is "Service" or "Package"), goal =>
        {
            Assert.Null(goal.Options.RetainOnDelete);
            Assert.Equal((PropertyValue)false, goal.Inputs["keep"]);
        });
    }

    [Fact]
    public void An_address_is_the_first_of_its_interface_and_a_fixed_one_is_known_at_once()
    {
        var machine = Tiny() with { Networks = ["a", "b", new NetworkInterface("c") { Address = "10.1.0.9" }], FirstBoot = new() { Hostname = "host" } };
        var stack = new Stack
        {
            Hosts =
            [
                new Host("here")
                {
                    Hypervisors =
                    [
                        new Hypervisor("kvm")
                        {
                            Networks = [new VirtualNetwork("a"), new VirtualNetwork("b"), new VirtualNetwork("c") { Subnet = "10.1.0.0/24" }],
                            Machines = [machine],
                        },
                    ],
                },
            ],
            Outputs = new()
            {
                ["first"] = machine.Address,
                ["b"] = machine.AddressOn("b"),
                ["c"] = machine.AddressOn("c"),
                ["name"] = machine.DnsName,
                ["id"] = machine.Id,
                ["physical"] = machine.PhysicalName,
            },
        };

        Assert.Empty(StackCheck.Run(stack, "dev"));
        Assert.Equal(
            """
            b: ${vm.networkInterfaces[1].addresses[0]}
            c: "10.1.0.9"
            first: ${vm.networkInterfaces[0].addresses[0]}
            id: ${vm.id}
            name: "host"
            physical: "dev-vm"
            """.ReplaceLineEndings("\n"),
            string.Join("\n", (StackLowering.Lower(stack, Context)[0].ComponentOutputs ?? PropertyMap.Empty).Select(output => $"{output.Key}: {GoalText.Of(output.Value)}")));
    }

    [Fact]
    public void What_uses_a_machine_waits_for_it_and_a_host_is_there_when_its_machines_are()
    {
        var machine = Tiny() with { Networks = ["net"] };
        var hypervisor = new Hypervisor("kvm") { Networks = [new VirtualNetwork("net")], Machines = [machine] };
        var client = new Container("client", "busybox") { Environment = new() { ["PEER"] = machine.DnsName } };
        var later = new Container("later", "busybox") { Lifecycle = new() { DependsOn = [hypervisor] } };
        var goals = StackLowering.Lower(new Stack { Hosts = [new Host("here") { Hypervisors = [hypervisor], Containers = [client, later] }] }, Context);

        Assert.Equal(["Domain"], goals.Single(goal => goal.Urn.Name == "client").Options.DependsOn.Select(urn => urn.Type.Name));
        Assert.Equal(["Domain", "Network", "libvirt"], goals.Single(goal => goal.Urn.Name == "later").Options.DependsOn.Select(urn => urn.Type.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(FirstBootChange.Reapply, false, "")]
    [InlineData(FirstBootChange.Recreate, true, "")]
    [InlineData(FirstBootChange.Ignore, false, "__firstBoot")]
    public void A_changed_first_boot_reaches_the_machine_as_it_says(FirstBootChange change, bool recreates, string ignored)
    {
        var goals = Lower(new Hypervisor("kvm") { Machines = [Tiny() with { FirstBoot = new() { OnChange = change } }] });

        Assert.Equal(recreates ? "${vm/seed.id}" : "", goals.Single(goal => goal.Urn.Name == "vm/root").Inputs.Find("__replaceWith")?.ToString() ?? "");
        Assert.Equal(ignored, string.Join(",", goals.Single(goal => goal.Urn.Name == "vm/seed").Options.IgnoreChanges));
    }

    [Fact]
    public void Secrets_of_the_first_boot_stay_secret_and_passwords_always_are()
    {
        var data = Only("CloudInitDisk", Tiny() with
        {
            FirstBoot = new()
            {
                Files = [new MachineFile("/etc/token", $"token={Value.Secret("x")}")],
                Users = [new MachineUser("ann") { Password = "hunter2" }],
            },
        }).Inputs["__firstBoot"];

        Assert.Contains("""content: secret("token=x")""", GoalText.Of(data), StringComparison.Ordinal);
        Assert.Contains("""password: secret("hunter2")""", GoalText.Of(data), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MachinePower.Running, "true", "", true)]
    [InlineData(MachinePower.Off, "false", "", false)]
    [InlineData(MachinePower.Paused, "true", "paused", false)]
    public void Only_a_machine_that_runs_is_waited_for(MachinePower power, string running, string mark, bool waits)
    {
        var goal = Lower(new Hypervisor("kvm") { Networks = [new VirtualNetwork("net")], Machines = [Tiny() with { Power = power, Networks = ["net"] }] })
            .Single(goal => goal.Type.Name == "Domain");

        Assert.Equal((running, mark), (goal.Inputs["running"].ToString(), goal.Inputs.Find("__power")?.ToString() ?? ""));
        Assert.Equal(waits, goal.Inputs.ContainsKey("__ready"));
        Assert.Equal(waits, GoalText.Of(goal.Inputs["networkInterfaces"]).Contains("waitForLease: true", StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_emulation_is_asked_for_by_name_and_otherwise_left_to_the_provider()
    {
        Assert.Equal("qemu", Lower(new Hypervisor("q", HypervisorKind.Qemu) { Machines = [Tiny()] }).Single(goal => goal.Type.Name == "Domain").Inputs["type"].ToString());
        Assert.False(Only("Domain", Tiny()).Inputs.ContainsKey("type"));
    }

    [Fact]
    public void Old_names_of_a_machine_are_old_names_of_all_its_parts()
    {
        var goals = Lower(new Hypervisor("kvm") { Machines = [Tiny() with { Lifecycle = new() { Aliases = ["old"], Protect = true } }] });

        Assert.Equal(
            ["VirtualMachine old", "Volume old/root", "CloudInitDisk old/seed", "Domain old"],
            goals.SelectMany(goal => goal.Options.Aliases).Select(urn => $"{urn.Type.Name} {urn.Name}"));
        Assert.True(goals.Single(goal => goal.Type.Name == "VirtualMachine").Options.Protect);
    }

    [Fact]
    public void An_image_is_taken_for_the_processors_of_its_host()
    {
        var arm = Lower(new Host("here") { Architecture = Architecture.Arm64, Hypervisors = [new Hypervisor("kvm") { Machines = [new VirtualMachine("vm", DiskImage.Debian13)] }] });

        Assert.Contains("arm64", arm.Single(goal => goal.Type.Name == "DiskImage").Inputs["url"].ToString(), StringComparison.Ordinal);
        Assert.Equal("aarch64", arm.Single(goal => goal.Type.Name == "Domain").Inputs["arch"].ToString());
        Assert.Contains(arm, goal => goal.Urn.Name == "here/qemu-system-arm");
        Assert.Contains("amd64", Lower(new Hypervisor("kvm") { Machines = [new VirtualMachine("vm", DiskImage.Debian13)] })
            .Single(goal => goal.Type.Name == "DiskImage").Inputs["url"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_texts_stay_what_they_are()
    {
        const string Hostile = "'; rm -rf / #\n</domain>\"$(id)`id` {{x}} ${y}";
        var data = Only("CloudInitDisk", Tiny() with
        {
            Owner = "<o'wner>",
            FirstBoot = new() { Files = [new MachineFile("/etc/x", Hostile)], Commands = [Hostile] },
        }).Inputs;
        var boot = Assert.IsType<PropertyValue.Map>(data["__firstBoot"]).Properties;

        Assert.Equal(Hostile, Assert.IsType<PropertyValue.List>(boot["commands"]).Items[0].ToString());
        Assert.Equal(Hostile, Assert.IsType<PropertyValue.Map>(Assert.IsType<PropertyValue.List>(boot["files"]).Items[0]).Properties["content"].ToString());
        Assert.Equal("<o'wner>", Assert.IsType<PropertyValue.Map>(data["__stamp"]).Properties["provision.owner"].ToString());
    }

    [Fact]
    public void Lowering_grows_with_the_number_of_machines_and_not_its_square()
    {
        var (small, large) = (MachineCheckTests.Classroom(300), MachineCheckTests.Classroom(2_400));
        _ = StackLowering.Lower(small, Context);

        Assert.InRange((double)Allocated(large) / Allocated(small), 4, 12);

        static long Allocated(Stack stack)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(StackLowering.Lower(stack, Context));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static VirtualMachine Tiny() => new("vm", DiskImage.Tiny());

    private static ImmutableArray<ResourceGoal> Lower(Hypervisor hypervisor) => Lower(new Host("here") { Hypervisors = [hypervisor] });

    private static ImmutableArray<ResourceGoal> Lower(Host host) => StackLowering.Lower(new Stack { Hosts = [host] }, Context);

    private static ResourceGoal Only(string type, VirtualMachine machine) => Lower(new Hypervisor("kvm") { Machines = [machine] }).Single(goal => goal.Type.Name == type);

    private static IEnumerable<Urn> References(ResourceGoal goal) => goal.Inputs.Values.SelectMany(References);

    private static IEnumerable<Urn> References(PropertyValue value) => value switch
    {
        PropertyValue.Reference reference => [reference.Urn],
        PropertyValue.List list => list.Items.SelectMany(References),
        PropertyValue.Map map => map.Properties.Values.SelectMany(References),
        _ => [],
    };

    /// <summary>Every setting of the machines' world, and every kind of image.</summary>
    internal static Stack Everything()
    {
        var lan = new VirtualNetwork("lan")
        {
            Subnet = "10.20.0.0/24",
            Mode = NetworkMode.Routed,
            Domain = "lab.internal",
            DnsNames = new() { ["files"] = "10.20.0.2" },
            Bridge = "lab0",
            Mtu = 1400,
            Routes = [new NetworkRoute("10.30.0.0/24", "10.20.0.3")],
            Autostart = false,
            Owner = "ops",
        };
        var full = new VirtualMachine("full", DiskImage.Debian13)
        {
            Cpus = 2,
            Memory = 2.GiB,
            Disk = 20.GiB,
            Disks = [new MachineDisk("data", 5.GiB) { Keep = true, Mount = "/data" }, new MachineDisk("scratch", 1.GiB) { Pool = "fast" }],
            Pool = "slow",
            Networks =
            [
                new NetworkInterface(lan) { Address = "10.20.0.9", Mac = "52:54:00:AA:BB:CC" }, new NetworkInterface("quiet") { Hostname = "alias" }, "bridged",
            ],
            Firmware = Firmware.UefiSecureBoot,
            Tpm = true,
            Graphics = Graphics.Vnc,
            Autostart = true,
            Ready = ReadyCheck.Http(8080, "/health") with { Limit = TimeSpan.FromSeconds(90.5) },
            ShutdownTimeout = TimeSpan.FromSeconds(45),
            Owner = "ann@example.edu",
            FirstBoot = new()
            {
                Hostname = "full-host",
                SshKeys = ["ssh-ed25519 AAAA ann"],
                Users = [new MachineUser("ann") { Sudo = true, Shell = "/bin/bash", Password = "pw", SshKeys = ["ssh-ed25519 BBBB ann"] }],
                Files = [new MachineFile("/etc/motd", "Hello\n") { Mode = "0600", Owner = "ann:ann" }],
                Packages = ["git"],
                Commands = ["touch /done"],
                UserData = "timezone: Europe/Vienna",
                OnChange = FirstBootChange.Recreate,
            },
            Lifecycle = new() { IgnoreChanges = ["memory"], Timeouts = new(Create: TimeSpan.FromMinutes(9)) },
        };
        return new Stack
        {
            Hosts =
            [
                new Host("here")
                {
                    Hypervisors =
                    [
                        new Hypervisor("kvm")
                        {
                            Networks =
                            [
                                lan, new VirtualNetwork("quiet") { Mode = NetworkMode.Isolated, Dhcp = false, Dns = false },
                                new VirtualNetwork("bridged") { Mode = NetworkMode.Bridge, Bridge = "br0" }, new VirtualNetwork("open") { Mode = NetworkMode.Open },
                            ],
                            Pools = [new StoragePool("slow") { Path = "/srv/slow", Owner = "ops" }, new StoragePool("fast")],
                            Machines =
                            [
                                full,
                                new VirtualMachine("built", DiskImage.Debian("bookworm", "nginx") with { Mirror = "http://deb.debian.org/debian" })
                                {
                                    Networks = ["open"], Power = MachinePower.Paused,
                                    FirstBoot = new() { Files = [new MachineFile("/etc/peer", full.Address)], OnChange = FirstBootChange.Ignore },
                                },
                                new VirtualMachine("core")
                                {
                                    Image = DiskImage.Url("https://images.example.edu/coreos.qcow2", $"sha256:{new string('0', 64)}") with { FirstBoot = FirstBootFormat.Ignition, User = "core" },
                                    Networks = ["open"], WaitForAddress = false,
                                },
                                new VirtualMachine("plain", DiskImage.File("/srv/plain.qcow2") with { FirstBoot = FirstBootFormat.None, User = "me" }) { Power = MachinePower.Off, Graphics = Graphics.Spice },
                            ],
                        },
                        new Hypervisor("own", HypervisorKind.Qemu)
                        {
                            Connection = "qemu:///system?socket=/srv/libvirt-sock", Prepare = false,
                            Machines = [new VirtualMachine("tiny", DiskImage.Tiny(ContainerImage.Tiny("site", "httpd", "-f"))) { Memory = 96.MiB }],
                        },
                    ],
                },
            ],
            Outputs = new() { ["address"] = full.Address, ["network"] = lan.Id, ["built"] = $"{full.DnsName} at {full.AddressOn("bridged")}" },
        };
    }
}
