using Provision.Model;
using Xunit;

namespace Provision.Tests.Model;

public sealed class MachineCheckTests
{
    private const string Vm = """Hosts["here"].Hypervisors["kvm"].Machines["vm"]""";
    private const string Net = """Hosts["here"].Hypervisors["kvm"].Networks["net"]""";
    private const string Sha256 = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void The_classroom_of_the_design_is_sound_and_reads_as_written()
    {
        Expect("", new Hypervisor("kvm", HypervisorKind.Kvm)
        {
            Networks = [new VirtualNetwork("class") { Subnet = "10.20.0.0/22" }],
            Machines = Declare.Each(30, n => new VirtualMachine($"student-{n:000}")
            {
                Cpus = 2,
                Memory = 2.GiB,
                Disk = 10.GiB,
                Image = DiskImage.Debian12,
                Networks = ["class"],
            }),
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a/../b")]
    [InlineData("<a/>")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_machine_has_the_name_of_a_host(string name) =>
        Expect($"""PROV1155 Hosts["here"].Hypervisors["kvm"].Machines["{name}"]""", Kvm(new VirtualMachine(name, DiskImage.Tiny())));

    [Fact]
    public void A_name_used_twice_is_found_over_hypervisors_and_whatever_the_case_of_a_machine()
    {
        Expect("""PROV1103 Hosts["here"].Hypervisors["kvm"].Machines["Box"]""", Kvm(Tiny("box"), Tiny("Box")));
        Expect(
            """PROV1103 Hosts["here"].Hypervisors["other"].Machines["vm"]""",
            Kvm(Tiny()), new Hypervisor("other", HypervisorKind.Xen) { Machines = [Tiny()] });
        Expect(
            """PROV1103 Hosts["here"].Hypervisors["other"].Networks["net"]""",
            new Hypervisor("kvm") { Networks = [new VirtualNetwork("net")] }, new Hypervisor("other", HypervisorKind.Xen) { Networks = [new VirtualNetwork("net")] });
        Expect(
            """PROV1103 Hosts["here"].Hypervisors["kvm"]""",
            Kvm(Tiny()), new Hypervisor("other", HypervisorKind.Xen) { Pools = [new StoragePool("kvm")] });
    }

    [Fact]
    public void A_hypervisor_is_reached_in_one_way()
    {
        Expect("""PROV1145 Hosts["here"].Hypervisors["again"]""", new Hypervisor("kvm"), new Hypervisor("again", HypervisorKind.Qemu));
        Expect("", new Hypervisor("kvm"), new Hypervisor("own", HypervisorKind.Qemu) { Connection = "qemu:///system?socket=/srv/sock", Prepare = false });
        Expect("""PROV1146 Hosts["here"].Hypervisors["kvm"].Connection""", new Hypervisor("kvm") { Connection = "qemu:///session" });
        Expect("""PROV1146 Hosts["here"].Hypervisors["kvm"].Connection""", new Hypervisor("kvm") { Connection = "no uri", Prepare = false });
        Expect("""PROV1146 Hosts["here"].Hypervisors["esx"].Connection""", new Hypervisor("esx", HypervisorKind.Esx));
        var secret = StackCheck.Run(Stack(new Hypervisor("esx", HypervisorKind.Esx) { Connection = "esx://root:hunter2@host/" }));
        Assert.Equal("PROV1146", Assert.Single(secret).Code);
        Assert.DoesNotContain("hunter2", Assert.Single(secret).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HypervisorKind.Esx)]
    [InlineData(HypervisorKind.HyperV)]
    [InlineData(HypervisorKind.VirtualBox)]
    [InlineData(HypervisorKind.Vmware)]
    [InlineData(HypervisorKind.Lxc)]
    public void A_kind_whose_driver_fills_no_disks_gets_no_machines(HypervisorKind kind) => Expect(
        """PROV1144 Hosts["here"].Hypervisors["kvm"].Machines""",
        new Hypervisor("kvm", kind) { Connection = kind is HypervisorKind.Esx or HypervisorKind.HyperV ? "esx://host/" : null, Machines = [Tiny()] });

    [Fact]
    public void What_a_kind_lacks_is_said_of_each_setting()
    {
        Expect($"PROV1144 {Vm}.Firmware", new Hypervisor("kvm", HypervisorKind.Xen) { Machines = [Debian() with { Firmware = Firmware.Uefi }] });
        Expect($"PROV1144 {Vm}.Tpm", new Hypervisor("kvm", HypervisorKind.Xen) { Machines = [Debian() with { Tpm = true }] });
        Expect($"PROV1144 {Vm}.FirstBoot", new Hypervisor("kvm", HypervisorKind.Test) { Machines = [Tiny() with { FirstBoot = new() { Hostname = "x" } }] });
        Expect("""PROV1144 Hosts["here"].Hypervisors["kvm"].Networks""", new Hypervisor("kvm", HypervisorKind.VirtualBox) { Networks = [new VirtualNetwork("net")] });
    }

    [Fact]
    public void Networks_and_pools_are_looked_for_on_the_hypervisor()
    {
        Expect($"PROV1134 {Vm}.Networks[0]", Kvm(Tiny() with { Networks = ["nte"] }));
        Expect($"PROV1135 {Vm}.Pool", Kvm(Tiny() with { Pool = "fast" }));
        Expect($"""PROV1135 {Vm}.Disks["data"].Pool""", Kvm(Tiny() with { Disks = [new MachineDisk("data", 1.GiB) { Pool = "fast" }] }));
        Expect($"PROV1106 {Vm}.Networks[0]", Kvm(Tiny() with { Networks = [new VirtualNetwork("lost")] }));
        var elsewhere = new VirtualNetwork("net");
        Expect($"PROV1154 {Vm}.Networks[0]", Kvm(Tiny() with { Networks = [elsewhere] }), new Hypervisor("xen", HypervisorKind.Xen) { Networks = [elsewhere] });
    }

    [Theory]
    [InlineData("10.0.0.0", "is no subnet")]
    [InlineData("10.0.0.5/24", "is an address inside")]
    [InlineData("fd00::/64", "is no subnet of IPv4")]
    [InlineData("10.0.0.0/30", "has a prefix")]
    [InlineData("0.0.0.0/0", "has a prefix")]
    [InlineData("<ip/>", "is no subnet")]
    public void A_subnet_is_one_of_ipv4_with_room_for_machines(string subnet, string why)
    {
        var problem = Assert.Single(StackCheck.Run(Stack(Network(new VirtualNetwork("net") { Subnet = subnet }))));
        Assert.Equal(("PROV1112", $"{Net}.Subnet"), (problem.Code, problem.Place));
        Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Subnets_of_machines_and_of_containers_do_not_overlap()
    {
        Expect(
            """PROV1113 Hosts["here"].Hypervisors["kvm"].Networks["b"].Subnet""",
            new Hypervisor("kvm") { Networks = [new VirtualNetwork("a") { Subnet = "10.1.0.0/16" }, new VirtualNetwork("b") { Subnet = "10.1.2.0/24" }] });
        Assert.Equal(
            [$"PROV1113 {Net}.Subnet"],
            Run(new Stack
            {
                Hosts =
                [
                    new Host("here")
                    {
                        Networks = [new ContainerNetwork("c") { Subnet = "10.1.0.0/16" }],
                        Hypervisors = [Network(new VirtualNetwork("net") { Subnet = "10.1.2.0/24" })],
                    },
                ],
            }));
    }

    [Theory]
    [InlineData("10.0.0.1", "is the host's own")]
    [InlineData("10.0.0.0", "is not an address for a machine")]
    [InlineData("10.0.0.255", "is not an address for a machine")]
    [InlineData("10.0.1.9", "is not an address for a machine")]
    [InlineData("::1", "is no IPv4 address")]
    [InlineData("' or 1=1", "is no IPv4 address")]
    public void A_fixed_address_is_one_that_the_network_can_give(string address, string why)
    {
        var problem = Assert.Single(StackCheck.Run(Stack(OnNetwork(new VirtualNetwork("net") { Subnet = "10.0.0.0/24" }, address))));
        Assert.Equal(("PROV1114", $"{Vm}.Networks[0].Address"), (problem.Code, problem.Place));
        Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fixed_address_needs_a_subnet_that_is_known_and_someone_to_give_it()
    {
        Expect($"PROV1114 {Vm}.Networks[0].Address", OnNetwork(new VirtualNetwork("net"), "10.0.0.9"));
        Expect($"PROV1114 {Vm}.Networks[0].Address", OnNetwork(new VirtualNetwork("net") { Subnet = "10.0.0.0/24", Dhcp = false }, "10.0.0.9"));
        Expect("", OnNetwork(new VirtualNetwork("net") { Subnet = "10.0.0.0/24" }, "10.0.0.9"));
        Expect(
            """PROV1114 Hosts["here"].Hypervisors["kvm"].Machines["b"].Networks[0].Address""",
            new Hypervisor("kvm")
            {
                Networks = [new VirtualNetwork("net") { Subnet = "10.0.0.0/24" }],
                Machines = [Tiny("a") with { Networks = [new NetworkInterface("net") { Address = "10.0.0.9" }] }, Tiny("b") with { Networks = [new NetworkInterface("net") { Address = "10.0.0.9" }] }],
            });
    }

    [Theory]
    [InlineData("52:54:00:12:34", "is no hardware address")]
    [InlineData("52-54-00-12-34-56", "is no hardware address")]
    [InlineData("53:54:00:12:34:56", "is one of a group")]
    [InlineData("ff:ff:ff:ff:ff:ff", "is one of a group")]
    [InlineData("00:00:00:00:00:00", "is nobody's")]
    public void A_hardware_address_is_one_that_a_machine_can_have(string mac, string why)
    {
        var problem = Assert.Single(StackCheck.Run(Stack(WithNic(new NetworkInterface("net") { Mac = mac }))));
        Assert.Equal(("PROV1137", $"{Vm}.Networks[0].Mac"), (problem.Code, problem.Place));
        Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hardware_address_is_given_once_whatever_its_case() => Expect(
        $"PROV1137 {Vm}.Networks[1].Mac", WithNic(new NetworkInterface("net") { Mac = "52:54:00:AA:34:56" }, new NetworkInterface("net") { Mac = "52:54:00:aa:34:56" }));

    [Fact]
    public void A_bridged_network_names_a_bridge_and_leaves_addresses_to_it()
    {
        Expect($"PROV1143 {Net}.Bridge", Network(new VirtualNetwork("net") { Mode = NetworkMode.Bridge }));
        Expect($"PROV1143 {Net}.Subnet", Network(new VirtualNetwork("net") { Mode = NetworkMode.Bridge, Bridge = "br0", Subnet = "10.0.0.0/24" }));
        Expect($"PROV1143 {Net}", Network(new VirtualNetwork("net") { Mode = NetworkMode.Bridge, Bridge = "br0", Domain = "lab" }));
        Expect("", Network(new VirtualNetwork("net") { Mode = NetworkMode.Bridge, Bridge = "br0" }));
        Expect($"PROV1125 {Net}.Bridge", Network(new VirtualNetwork("net") { Bridge = "a-name-too-long-for-linux" }));
        Expect($"PROV1125 {Net}.Bridge", Network(new VirtualNetwork("net") { Bridge = "x'/>" }));
    }

    [Fact]
    public void The_rest_of_a_network_is_checked()
    {
        Expect($"PROV1117 {Net}.Mtu", Network(new VirtualNetwork("net") { Mtu = 10 }));
        Expect($"PROV1125 {Net}.Domain", Network(new VirtualNetwork("net") { Domain = "a..b" }));
        Expect($"""PROV1125 {Net}.DnsNames["a b"]""", Network(new VirtualNetwork("net") { DnsNames = new() { ["a b"] = "10.0.0.1" } }));
        Expect($"""PROV1114 {Net}.DnsNames["files"]""", Network(new VirtualNetwork("net") { DnsNames = new() { ["files"] = "files" } }));
        Expect($"PROV1125 {Net}.DnsNames", Network(new VirtualNetwork("net") { Dns = false, DnsNames = new() { ["files"] = "10.0.0.1" } }));
        Expect($"PROV1112 {Net}.Routes[0].Subnet", Network(new VirtualNetwork("net") { Subnet = "10.0.0.0/24", Routes = [new NetworkRoute("10.1.0.0", "10.0.0.2")] }));
        Expect($"PROV1114 {Net}.Routes[0].Gateway", Network(new VirtualNetwork("net") { Subnet = "10.0.0.0/24", Routes = [new NetworkRoute("10.1.0.0/24", "10.2.0.2")] }));
        Expect($"PROV1125 {Net}.Owner", Network(new VirtualNetwork("net") { Owner = "a\nb" }));
    }

    [Fact]
    public void A_machine_has_an_image_and_the_memory_that_it_needs()
    {
        Expect($"PROV1136 {Vm}.Image", Kvm(new VirtualMachine("vm")));
        Expect($"PROV1138 {Vm}.Memory", Kvm(Tiny() with { Memory = 79.MiB }));
        Expect("", Kvm(Tiny() with { Memory = 80.MiB }));
        Expect($"PROV1138 {Vm}.Memory", Kvm(Debian() with { Memory = 128.MiB }));
        Expect($"PROV1138 {Vm}.Memory", Kvm(new VirtualMachine("vm", DiskImage.File("/srv/x.qcow2")) { Memory = default }));
        Expect($"PROV1117 {Vm}.Cpus", Kvm(Tiny() with { Cpus = 0 }));
        Assert.All(
            DiskImageCatalog.Names.Select(name => DiskImageCatalog.Find(name)).OfType<CatalogEntry>().Where(entry => entry.LeastMemory > default(DataSize)),
            entry => Expect($"PROV1138 {Vm}.Memory", Kvm(new VirtualMachine("vm", DiskImage.Catalog(entry.Name)) { Memory = new DataSize(entry.LeastMemory.Bytes - 1) })));
    }

    [Fact]
    public void Disks_have_names_that_serial_numbers_take_and_sizes_that_disks_have()
    {
        Expect($"PROV1139 {Vm}.Disk", Kvm(Tiny() with { Disk = 0.MiB }));
        Expect($"""PROV1139 {Vm}.Disks["data"].Size""", Kvm(Tiny() with { Disks = [new MachineDisk("data", new DataSize(-1))] }));
        Expect($"""PROV1139 {Vm}.Disks["data"].Size""", Kvm(Tiny() with { Disks = [new MachineDisk("data", 2000.TiB)] }));
        foreach (var name in new[] { "", "root", "seed", "cidata", "a b", "../x", "'/><a>", "a-name-of-21-letters-" })
        {
            Expect($"""PROV1151 {Vm}.Disks["{name}"]""", Kvm(Tiny() with { Disks = [new MachineDisk(name, 1.GiB)] }));
        }

        Expect($"""PROV1103 {Vm}.Disks["data"]""", Kvm(Tiny() with { Disks = [new MachineDisk("data", 1.GiB), new MachineDisk("data", 1.GiB)] }));
        Expect($"""PROV1123 {Vm}.Disks["data"].Mount""", Kvm(Tiny() with { Disks = [new MachineDisk("data", 1.GiB) { Mount = "srv" }] }));
        Expect($"""PROV1123 {Vm}.Disks["data"].Mount""", Kvm(Tiny() with { Disks = [new MachineDisk("data", 1.GiB) { Mount = "/a\nb" }] }));
        Expect($"""PROV1123 {Vm}.Disks["data"].Mount""", Kvm(Tiny() with { Disks = [new MachineDisk("data", 1.GiB) { Mount = "/" }] }));
        Expect(
            $"""PROV1124 {Vm}.Disks["b"].Mount""",
            Kvm(Tiny() with { Disks = [new MachineDisk("a", 1.GiB) { Mount = "/srv" }, new MachineDisk("b", 1.GiB) { Mount = "/srv/" }] }));
    }

    [Fact]
    public void Two_disks_of_different_machines_are_never_one_file() => Expect(
        """PROV1152 Hosts["here"].Hypervisors["kvm"].Machines["a-b"]""",
        Kvm(Tiny("a") with { Disks = [new MachineDisk("b-root", 1.GiB)] }, Tiny("a-b")));

    [Fact]
    public void Secure_boot_is_not_for_images_without_a_signed_boot_loader()
    {
        Expect($"PROV1140 {Vm}.Firmware", Kvm(Tiny() with { Firmware = Firmware.UefiSecureBoot }));
        Expect($"PROV1140 {Vm}.Firmware", Kvm(new VirtualMachine("vm", DiskImage.Debian("bookworm")) { Firmware = Firmware.UefiSecureBoot }));
        Expect("", Kvm(Tiny() with { Firmware = Firmware.Uefi, Memory = 160.MiB }));
        Expect($"PROV1138 {Vm}.Memory", Kvm(Tiny() with { Firmware = Firmware.Uefi, Memory = 128.MiB }));
        Expect("", Kvm(Debian() with { Firmware = Firmware.UefiSecureBoot, Tpm = true }));
    }

    [Fact]
    public void The_first_boot_asks_for_what_the_image_can_do()
    {
        var ignition = DiskImage.Url("https://images.example.edu/coreos.qcow2", Sha256) with { FirstBoot = FirstBootFormat.Ignition };
        var nothing = DiskImage.File("/srv/plain.qcow2") with { FirstBoot = FirstBootFormat.None };
        Expect($"PROV1141 {Vm}.FirstBoot.Packages", Kvm(Tiny() with { FirstBoot = new() { Packages = ["git"] } }));
        Expect($"PROV1141 {Vm}.FirstBoot.UserData", Kvm(Tiny() with { FirstBoot = new() { UserData = "a: b" } }));
        Expect($"PROV1141 {Vm}.FirstBoot.Packages", Kvm(new VirtualMachine("vm", ignition) { FirstBoot = new() { Packages = ["git"] } }));
        Expect($"PROV1141 {Vm}.FirstBoot.UserData", Kvm(new VirtualMachine("vm", ignition) { FirstBoot = new() { UserData = "a: b" } }));
        Expect($"PROV1141 {Vm}.FirstBoot", Kvm(new VirtualMachine("vm", nothing) { FirstBoot = new() { Hostname = "x" } }));
        Expect($"""PROV1141 {Vm}.Disks["data"].Mount""", Kvm(new VirtualMachine("vm", nothing) { Disks = [new MachineDisk("data", 1.GiB) { Mount = "/srv" }] }));
        Expect("", Kvm(new VirtualMachine("vm", nothing)));
        Expect("", Kvm(Debian() with { FirstBoot = new() { Packages = ["git"], UserData = "a: b" } }));
    }

    [Fact]
    public void The_first_boot_is_checked_by_itself()
    {
        Expect($"PROV1155 {Vm}.FirstBoot.Hostname", Boot(new() { Hostname = "a.b" }));
        Expect($"""PROV1153 {Vm}.FirstBoot.Users["Ann"]""", Boot(new() { Users = [new MachineUser("Ann")] }));
        Expect($"""PROV1153 {Vm}.FirstBoot.Users["a b"]""", Boot(new() { Users = [new MachineUser("a b")] }));
        Expect($"""PROV1103 {Vm}.FirstBoot.Users["ann"]""", Boot(new() { Users = [new MachineUser("ann"), new MachineUser("ann")] }));
        Expect($"""PROV1123 {Vm}.FirstBoot.Users["ann"].Shell""", Boot(new() { Users = [new MachineUser("ann") { Shell = "bash" }] }));
        Expect($"PROV1123 {Vm}.FirstBoot.Files[0].Path", Boot(new() { Files = [new MachineFile("etc/x", "")] }));
        Expect($"PROV1123 {Vm}.FirstBoot.Files[0].Path", Boot(new() { Files = [new MachineFile("/etc/a\nb", "")] }));
        Expect($"PROV1125 {Vm}.FirstBoot.Files[0].Mode", Boot(new() { Files = [new MachineFile("/etc/x", "") { Mode = "rw" }] }));
        Expect($"PROV1125 {Vm}.FirstBoot.Files[0].Owner", Boot(new() { Files = [new MachineFile("/etc/x", "") { Owner = "a b" }] }));
        Expect($"PROV1124 {Vm}.FirstBoot.Files[1]", Boot(new() { Files = [new MachineFile("/etc/x", ""), new MachineFile("/etc/x", "")] }));
        Expect($"PROV1125 {Vm}.FirstBoot.Packages", Kvm(Debian() with { FirstBoot = new() { Packages = ["-rf /"] } }));

        static Hypervisor Boot(FirstBoot boot) => Kvm(Tiny() with { FirstBoot = boot });
    }

    [Fact]
    public void What_is_waited_for_can_come()
    {
        Expect($"PROV1150 {Vm}.Ready", Kvm(Tiny() with { Ready = ReadyCheck.Tcp(22) }));
        Expect($"PROV1150 {Vm}.WaitForAddress", Kvm(Tiny() with { WaitForAddress = true }));
        Expect($"PROV1108 {Vm}.Ready.Port", Ready(ReadyCheck.Tcp(0)));
        Expect($"PROV1125 {Vm}.Ready.Path", Ready(ReadyCheck.Http(80, "/'; reboot; '")));
        Expect($"PROV1126 {Vm}.Ready.Limit", Ready(ReadyCheck.Tcp(22) with { Limit = TimeSpan.Zero }));
        Expect($"PROV1126 {Vm}.ShutdownTimeout", Kvm(Tiny() with { ShutdownTimeout = TimeSpan.Zero }));
        Expect("", Kvm(Tiny() with { Ready = ReadyCheck.None }));

        static Hypervisor Ready(ReadyCheck ready) => new("kvm") { Networks = [new VirtualNetwork("net")], Machines = [Tiny() with { Networks = ["net"], Ready = ready }] };
    }

    [Theory]
    [InlineData("ftp://host/x", Sha256, "Address")]
    [InlineData("lab.qcow2", Sha256, "Address")]
    [InlineData("https://user:pw@host/x", Sha256, "Address")]
    [InlineData("https://host/x", "sha256:12", "Digest")]
    [InlineData("https://host/x", "md5:d41d8cd98f00b204e9800998ecf8427e", "Digest")]
    public void An_image_by_url_is_one_that_can_be_verified(string url, string digest, string member) =>
        Expect($"PROV1147 {Vm}.Image.{member}", Kvm(new VirtualMachine("vm", DiskImage.Url(url, digest) with { Name = "x" })));

    [Fact]
    public void Images_are_valid_and_have_one_meaning_a_name()
    {
        Expect($"PROV1148 {Vm}.Image", Kvm(new VirtualMachine("vm", DiskImage.Catalog("debain-12"))));
        Expect($"PROV1123 {Vm}.Image.Path", Kvm(new VirtualMachine("vm", DiskImage.File("images/x.qcow2"))));
        Expect($"PROV1147 {Vm}.Image", Kvm(new VirtualMachine("vm", DiskImage.File("/srv/a b.qcow2"))));
        Expect($"PROV1147 {Vm}.Image.Suite", Kvm(new VirtualMachine("vm", DiskImage.Debian("12; rm") with { Name = "x" })));
        Expect($"PROV1125 {Vm}.Image.Packages", Kvm(new VirtualMachine("vm", DiskImage.Debian("bookworm", "-x"))));
        Expect($"PROV1153 {Vm}.Image.User", Kvm(new VirtualMachine("vm", DiskImage.File("/srv/x") with { User = "a b" })));
        Expect("""PROV1103 Hosts["here"].Hypervisors["kvm"].Machines["b"].Image""", Kvm(
            new VirtualMachine("a", DiskImage.Debian("bookworm", "git")), new VirtualMachine("b", DiskImage.Debian("bookworm", "vim"))));
        Expect("", Kvm(new VirtualMachine("a", DiskImage.Debian("bookworm", "git")), new VirtualMachine("b", DiskImage.Debian("bookworm", "git"))));
    }

    [Fact]
    public void A_tiny_image_is_one_root_file_system_for_containers_and_machines()
    {
        var host = new Host("here")
        {
            Containers = [new Container("web", ContainerImage.Tiny())],
            Hypervisors = [Kvm(new VirtualMachine("vm", DiskImage.Tiny(ContainerImage.Tiny("tiny", "httpd"))))],
        };

        Assert.Equal([$"PROV1103 {Vm}.Image.Root"], Run(new Stack { Hosts = [host] }));
        Assert.Empty(Run(new Stack { Hosts = [host with { Hypervisors = [Kvm(Tiny())] }] }));
    }

    [Fact]
    public void An_image_for_other_processors_is_refused_where_the_host_says_what_it_has()
    {
        var arm = DiskImage.File("/srv/arm.qcow2") with { Architecture = Architecture.Arm64 };
        var host = new Host("here") { Hypervisors = [Kvm(new VirtualMachine("vm", arm))] };

        Assert.Equal([$"PROV1142 {Vm}.Image"], Run(new Stack { Hosts = [host with { Architecture = Architecture.X64 }] }));
        Assert.Empty(Run(new Stack { Hosts = [host] }));
        Assert.Empty(Run(new Stack { Hosts = [host with { Architecture = Architecture.Arm64 }] }));
    }

    [Fact]
    public void Outputs_of_machines_are_ones_that_they_have()
    {
        var machine = Tiny() with { Networks = ["net"] };
        var bare = Tiny("bare");
        var stack = Stack(new Hypervisor("kvm") { Networks = [new VirtualNetwork("net")], Machines = [machine, bare] });

        Assert.Empty(Run(stack with { Outputs = new() { ["a"] = machine.Address, ["b"] = machine.AddressOn("net"), ["c"] = machine.Id, ["d"] = bare.DnsName } }));
        Assert.Equal(["""PROV1111 Outputs["a"]"""], Run(stack with { Outputs = new() { ["a"] = machine.AddressOn("other") } }));
        Assert.Equal(["""PROV1150 Outputs["a"]"""], Run(stack with { Outputs = new() { ["a"] = bare.Address } }));
        Assert.Equal(["""PROV1106 Outputs["a"]"""], Run(stack with { Outputs = new() { ["a"] = (machine with { }).Address } }));
    }

    [Fact]
    public void References_of_machines_are_followed_and_cycles_found()
    {
        var lost = Tiny("lost") with { Networks = ["net"] };
        Assert.Equal(
            [$"""PROV1106 {Vm}.FirstBoot.Files["/etc/peer"]""", $"PROV1106 {Vm}.FirstBoot.Commands"],
            Run(Stack(Kvm(Tiny() with { FirstBoot = new() { Files = [new MachineFile("/etc/peer", lost.Address)], Commands = [$"ping {lost.Address}"] } }))));

        var machine = Tiny() with { };
        var circle = Stack(new Hypervisor("kvm") { Machines = [machine], Lifecycle = new() { DependsOn = [machine] } });
        var problem = Assert.Single(StackCheck.Run(circle));
        Assert.Equal("PROV1120", problem.Code);
        Assert.StartsWith("vm -> vm", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_machines_are_reported_at_once_and_every_one_says_what_to_do()
    {
        var problems = StackCheck.Run(Stack(new Hypervisor("kvm")
        {
            Networks = [new VirtualNetwork("net") { Subnet = "x" }],
            Machines = [new VirtualMachine("a b") { Networks = ["nte"], Cpus = 0 }, Tiny() with { Memory = 1.MiB, Disk = 0.MiB }],
        }));

        Assert.Equal(["PROV1155", "PROV1112", "PROV1117", "PROV1136", "PROV1139", "PROV1138", "PROV1134"], problems.Select(problem => problem.Code));
        Assert.All(problems, problem => Assert.True(problem is { Summary.Length: > 10, Detail.Length: > 10, Remedy.Length: > 10 }, problem.ToString()));
    }

    [Fact]
    public void Checking_grows_with_the_number_of_machines_and_not_its_square()
    {
        var (small, large) = (Classroom(300), Classroom(2_400));
        Assert.Empty(StackCheck.Run(small, "class"));

        Assert.InRange((double)Allocated(large) / Allocated(small), 4, 12);

        static long Allocated(Stack stack)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Empty(StackCheck.Run(stack, "class"));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>A machine a student, each with a network of its own besides the class's, a fixed address and a disk.</summary>
    internal static Stack Classroom(int count)
    {
        var shared = new VirtualNetwork("class") { Subnet = "10.128.0.0/16" };
        var own = Declare.Each(count, n => new VirtualNetwork($"own-{n}") { Mode = NetworkMode.Isolated });
        return Stack(new Hypervisor("kvm")
        {
            Networks = [shared, .. own],
            Machines = Declare.Each(count, n => new VirtualMachine($"student-{n}", DiskImage.Tiny())
            {
                Memory = 96.MiB,
                Networks = [new NetworkInterface(shared) { Address = $"10.128.{n / 250}.{(n % 250) + 2}" }, own[n - 1]],
                Disks = [new MachineDisk("data", 1.GiB) { Keep = true, Mount = "/data" }],
                Owner = $"student-{n}@example.edu",
            }),
        });
    }

    private static VirtualMachine Tiny(string name = "vm") => new(name, DiskImage.Tiny());

    private static VirtualMachine Debian() => new("vm", DiskImage.Debian12);

    private static Hypervisor Kvm(params VirtualMachine[] machines) => new("kvm") { Machines = [.. machines] };

    private static Hypervisor Network(VirtualNetwork network) => new("kvm") { Networks = [network] };

    private static Hypervisor OnNetwork(VirtualNetwork network, string address) =>
        new("kvm") { Networks = [network], Machines = [Tiny() with { Networks = [new NetworkInterface("net") { Address = address }] }] };

    private static Hypervisor WithNic(params NetworkInterface[] nics) => new("kvm") { Networks = [new VirtualNetwork("net")], Machines = [Tiny() with { Networks = [.. nics] }] };

    private static Stack Stack(params Hypervisor[] hypervisors) => new() { Hosts = [new Host("here") { Hypervisors = [.. hypervisors] }] };

    private static void Expect(string expected, params Hypervisor[] hypervisors) => Assert.Equal(expected.Length == 0 ? [] : [expected], Run(Stack(hypervisors)));

    private static IEnumerable<string> Run(Stack stack) => StackCheck.Run(stack).Select(problem => $"{problem.Code} {problem.Place}");
}
