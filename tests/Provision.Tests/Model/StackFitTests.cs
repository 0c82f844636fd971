using Provision.Model;
using Provision.Model.Fit;
using Xunit;

namespace Provision.Tests.Model;

public sealed class StackFitTests
{
    private static readonly Dictionary<string, HostCapacity> Nothing = [];

    [Theory]
    [InlineData(FitQuantity.Memory)]
    [InlineData(FitQuantity.Processors)]
    [InlineData(FitQuantity.Disk)]
    public void What_is_exactly_full_fits_and_one_too_many_is_named(FitQuantity quantity)
    {
        var full = Fit(Lab(4));
        Assert.Equal((true, 4), (full.Fits, full.Fitting));
        Assert.Equal((0, null), (Of(full, quantity).Short, Of(full, quantity).FirstWithout));

        var more = Fit(Lab(6));
        var one = Of(more, quantity);
        Assert.Equal((false, 4), (more.Fits, more.Fitting));
        Assert.Equal((true, "box-5", one.Needed / 3), (one.Stops, one.FirstWithout, one.Short));
        Assert.Equal(FitSource.Declared, one.Source);
    }

    [Fact]
    public void The_declared_overcommit_counts_for_each_quantity_by_itself()
    {
        var fit = Fit(Lab(6) with { Overcommit = new() { Memory = 1.5, Cpu = 1.25, Disk = 2 } });

        Assert.Equal(["box-6"], fit.Quantities.Select(one => one.FirstWithout).OfType<string>());
        Assert.Equal((5, 5.0, 1.25), (fit.Fitting, Of(fit, FitQuantity.Processors).Available, Of(fit, FitQuantity.Processors).Overcommit));
        Assert.True(Fit(Lab(6) with { Overcommit = new() { Memory = 1.5, Cpu = 1.5, Disk = 1.5 } }).Fits);
    }

    [Fact]
    public void Shares_of_processors_add_up_to_what_they_are()
    {
        var host = new Host("here") { Capacity = new() { Cpus = 1 }, Containers = [.. Declare.Each(10, n => Limited($"web-{n}", null, 0.1))] };

        Assert.True(Fit(host).Fits);
    }

    [Fact]
    public void What_nobody_says_is_unknown_and_stops_nothing()
    {
        var fit = Fit(Lab(6) with { Capacity = null });

        Assert.True(fit.Fits);
        Assert.All(fit.Quantities, one => Assert.Equal((null, FitSource.Unknown, 0), (one.Available, one.Source, one.Short)));
        Assert.Equal(6 * 1024.0 * 1024 * 1024, Of(fit, FitQuantity.Memory).Needed);
    }

    [Fact]
    public void What_the_host_reports_counts_where_it_declares_nothing_and_processors_then_stop_nothing()
    {
        var reported = new HostCapacity { Cpus = 2, Memory = 100.GiB, Disk = 100.GiB };

        var fit = Fit(Lab(6) with { Capacity = new() { Memory = 6.GiB } }, reported);

        Assert.Equal([FitSource.Declared, FitSource.Reported, FitSource.Reported], fit.Quantities.Select(one => one.Source));
        Assert.Equal((4, "box-3", false), (Of(fit, FitQuantity.Processors).Short, Of(fit, FitQuantity.Processors).FirstWithout, Of(fit, FitQuantity.Processors).Stops));
        Assert.Equal((true, 6), (fit.Fits, fit.Fitting));
        Assert.False(Fit(Lab(6) with { Capacity = null }, reported with { Memory = 5.GiB }).Fits);
        Assert.False(Fit(Lab(6) with { Capacity = null }, reported with { Disk = 59.GiB }).Fits);
    }

    [Fact]
    public void What_runs_elsewhere_takes_nothing_of_what_the_host_reports()
    {
        var reported = new HostCapacity { Cpus = 1, Memory = 1.MiB, Disk = 1.MiB };
        VirtualMachine[] box = [new("box")];

        foreach (var host in (Host[])
        [
            new("here") { Hypervisors = [new Hypervisor("pretence", HypervisorKind.Test) { Machines = [.. box] }] },
            new("here") { Hypervisors = [new Hypervisor("far") { Connection = "qemu+ssh://lab-02/system", Machines = [.. box] }] },
            new("here") { Docker = new() { Endpoint = "tcp://lab-02:2376", Prepare = false }, Containers = [Limited("web", 1.GiB, 1)] },
        ])
        {
            Assert.All(Fit(host, reported).Quantities, one => Assert.Equal(FitSource.Unknown, one.Source));
        }

        var near = Fit(new Host("here") { Hypervisors = [new Hypervisor("near") { Connection = "qemu+unix:///system?socket=/run/own", Machines = [.. box] }] }, reported);
        Assert.All(near.Quantities, one => Assert.Equal(FitSource.Reported, one.Source));
    }

    [Fact]
    public void Disks_in_a_folder_of_the_stacks_own_choice_are_not_held_against_what_the_host_reports()
    {
        var reported = new HostCapacity { Memory = 100.GiB, Disk = 1.GiB };
        var lab = Lab(1) with { Capacity = null };

        Assert.False(Fit(lab, reported).Fits);
        var own = Fit(lab with { Hypervisors = [lab.Hypervisors[0] with { Pools = [new StoragePool("big") { Path = "/srv/disks" }] }] }, reported);
        Assert.Equal((true, FitSource.Unknown), (own.Fits, Of(own, FitQuantity.Disk).Source));
    }

    [Fact]
    public void Containers_come_before_machines_and_those_without_a_limit_are_told_apart()
    {
        var fit = Fit(Lab(2) with { Containers = [Limited("web", 3.GiB, 3), new Container("open", "nginx"), Limited("half", null, 0.5)] });

        Assert.Equal((3, 2, 3), (fit.Containers, fit.Machines, fit.Fitting));
        Assert.Equal(("box-2", 2), (Of(fit, FitQuantity.Memory).FirstWithout, Of(fit, FitQuantity.Memory).Undeclared));
        Assert.Equal(("box-1", 1), (Of(fit, FitQuantity.Processors).FirstWithout, Of(fit, FitQuantity.Processors).Undeclared));
    }

    [Fact]
    public void Further_disks_count_and_a_disk_of_the_images_size_is_told_apart()
    {
        var box = new VirtualMachine("box") { Disks = [new MachineDisk("data", 6.GiB), new MachineDisk("more", 5.GiB)] };

        var disk = Of(Fit(new Host("here") { Capacity = new() { Disk = 10.GiB }, Hypervisors = [new Hypervisor("kvm") { Machines = [box] }] }), FitQuantity.Disk);

        Assert.Equal((11.0 * (1 << 30), 1, "box"), (disk.Needed, disk.Undeclared, disk.FirstWithout));
    }

    [Fact]
    public void Addresses_of_machines_run_out_after_the_network_the_host_and_everybody_have_theirs()
    {
        Assert.Equal((5, 5, null), Network(Desks("10.20.0.0/29", 5)));
        Assert.Equal((5, 6, "box-6"), Network(Desks("10.20.0.0/29", 6)));
        Assert.Equal(5, Fit(Desks("10.20.0.0/29", 6)).Fitting);

        // Without one of its own a network has the /24 that follows from its name.
        Assert.Equal((253, 254, "box-254"), Network(Desks(null, 254)));
    }

    [Fact]
    public void Fixed_addresses_are_nobody_elses()
    {
        var host = Desks("10.20.0.0/29", 6);
        var machines = host.Hypervisors[0].Machines;
        var last = machines[5] with { Networks = [new NetworkInterface("lan") { Address = "10.20.0.6" }] };

        host = host with { Hypervisors = [host.Hypervisors[0] with { Machines = machines.SetItem(5, last) }] };

        Assert.Equal((5, 6, "box-5"), Network(host));
    }

    [Fact]
    public void Addresses_of_a_bridge_are_not_ours_to_count()
    {
        var host = Desks(null, 300);
        host = host with { Hypervisors = [host.Hypervisors[0] with { Networks = [new VirtualNetwork("lan") { Mode = NetworkMode.Bridge, Bridge = "br0" }] }] };

        Assert.Equal((null, 300, null), Network(host));
    }

    [Fact]
    public void Addresses_of_containers_run_out_too()
    {
        Assert.Equal((5, 5, null), Network(Rooms(5)));
        Assert.Equal((5, 6, "web-6"), Network(Rooms(6)));

        static Host Rooms(int containers) => new("here")
        {
            Networks = [new ContainerNetwork("lan") { Subnet = "10.20.0.0/29" }],
            Containers = [.. Declare.Each(containers, n => new Container($"web-{n}", "nginx") { Networks = ["lan"] })],
        };
    }

    [Fact]
    public void Networks_without_a_subnet_are_held_against_the_engines_own_and_stop_nothing()
    {
        Assert.False(Fit(Rooms(PoolFit.Usable)).Pools.IsShort);

        var more = Fit(Rooms(PoolFit.Usable + 1));
        Assert.Equal((31, true, true), (more.Pools.Needed, more.Pools.IsShort, more.Fits));

        static Host Rooms(int networks) => new("here")
        {
            Networks = [new ContainerNetwork("own") { Subnet = "10.20.0.0/24" }, .. Declare.Each(networks, n => new ContainerNetwork($"net-{n}"))],
        };
    }

    [Fact]
    public void Ports_and_subnets_that_two_want_are_named()
    {
        var host = new Host("here")
        {
            Networks = [new ContainerNetwork("lan") { Subnet = "10.20.0.0/16" }],
            Containers =
            [
                new Container("web", "nginx") { Ports = [new Port(80) { Host = 8080, Ip = "127.0.0.1" }, 81] },
                new Container("other", "nginx") { Ports = [new Port(80) { Host = 8080 }, new Port(80) { Host = 8080, Protocol = PortProtocol.Udp }] },
            ],
            Hypervisors = [new Hypervisor("kvm") { Networks = [new VirtualNetwork("desk") { Subnet = "10.20.30.0/24" }] }],
        };

        var fit = Fit(host);

        Assert.Equal(2, fit.Ports);
        Assert.Equal(new PortClash(8080, PortProtocol.Tcp, "web", "other"), Assert.Single(fit.PortClashes));
        Assert.Equal(new SubnetClash("desk", "10.20.30.0/24", "lan", "10.20.0.0/16"), Assert.Single(fit.SubnetClashes));
        Assert.False(fit.Fits);
    }

    [Fact]
    public void Hosts_are_judged_one_by_one()
    {
        var report = StackFit.Of(new Stack { Hosts = [Lab(4) with { Name = "one" }, Lab(5) with { Name = "two" }] }, "lab", Nothing);

        Assert.Equal([("one", true), ("two", false)], report.Hosts.Select(host => (host.Name, host.Fits)));
        Assert.False(report.Fits);
    }

    private static Host Lab(int machines) => new("here")
    {
        Capacity = new() { Memory = 4.GiB, Cpus = 4, Disk = 40.GiB },
        Hypervisors = [new Hypervisor("kvm") { Machines = [.. Declare.Each(machines, n => new VirtualMachine($"box-{n}") { Memory = 1.GiB, Cpus = 1, Disk = 10.GiB })] }],
    };

    private static Host Desks(string? subnet, int machines) => new("here")
    {
        Hypervisors =
        [
            new Hypervisor("kvm")
            {
                Networks = [new VirtualNetwork("lan") { Subnet = subnet }],
                Machines = [.. Declare.Each(machines, n => new VirtualMachine($"box-{n}") { Networks = ["lan"] })],
            },
        ],
    };

    private static Container Limited(string name, DataSize? memory, double? cpus) => new(name, "nginx") { Limits = new() { Memory = memory, Cpus = cpus } };

    private static HostFit Fit(Host host, HostCapacity? reported = null) => Assert.Single(
        StackFit.Of(new Stack { Hosts = [host] }, "lab", reported is null ? Nothing : new() { ["here"] = reported }).Hosts);

    private static QuantityFit Of(HostFit fit, FitQuantity quantity) => fit.Quantities.Single(one => one.Quantity == quantity);

    private static (long?, int, string?) Network(Host host)
    {
        var network = Assert.Single(Fit(host).Networks);
        return (network.Usable, network.Needed, network.FirstWithout);
    }
}
