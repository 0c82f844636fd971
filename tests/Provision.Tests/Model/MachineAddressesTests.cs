using System.Net;
using Provision.Model;
using Xunit;

namespace Provision.Tests.Model;

public sealed class MachineAddressesTests
{
    private static readonly IPNetwork Range = IPNetwork.Parse("10.64.0.0/11");

    [Fact]
    public void Subnets_follow_from_names_and_differ()
    {
        var networks = Declare.Each(300, n => new VirtualNetwork($"net-{n}"));
        var stack = Stack(new Hypervisor("kvm") { Networks = networks });
        var subnets = networks.Select(network => Of(stack).SubnetOf(network) ?? default).ToArray();

        Assert.Equal(subnets, networks.Select(network => Of(stack).SubnetOf(network) ?? default));
        Assert.Equal(300, subnets.Distinct().Count());
        Assert.All(subnets, subnet => Assert.True(subnet.PrefixLength == 24 && Range.Contains(subnet.BaseAddress), subnet.ToString()));
    }

    [Fact]
    public void A_network_added_after_the_others_changes_none_of_them()
    {
        var networks = Declare.Each(400, n => new VirtualNetwork($"net-{n}"));
        var (before, after) = (Of(Stack(new Hypervisor("kvm") { Networks = [.. networks.Take(399)] })), Of(Stack(new Hypervisor("kvm") { Networks = networks })));

        Assert.All(networks.Take(399), network => Assert.Equal(before.SubnetOf(network), after.SubnetOf(network)));
    }

    [Fact]
    public void A_derived_subnet_keeps_out_of_what_was_given_to_machines_or_containers()
    {
        var network = new VirtualNetwork("net");
        var alone = Of(Stack(new Hypervisor("kvm") { Networks = [network] })).SubnetOf(network) ?? default;
        var beside = Of(Stack(new Hypervisor("kvm") { Networks = [new VirtualNetwork("given") { Subnet = alone.ToString() }, network] })).SubnetOf(network);
        var inside = Of(new Stack
        {
            Hosts =
            [
                new Host("here")
                {
                    Networks = [new ContainerNetwork("c") { Subnet = "10.64.0.0/12" }],
                    Hypervisors = [new Hypervisor("kvm") { Networks = [network] }],
                },
            ],
        }).SubnetOf(network) ?? default;

        Assert.NotEqual(alone, beside);
        Assert.True(IPNetwork.Parse("10.80.0.0/12").Contains(inside.BaseAddress), inside.ToString());
    }

    [Fact]
    public void Where_no_subnet_is_left_there_is_none()
    {
        var network = new VirtualNetwork("net");
        var stack = Stack(new Hypervisor("kvm") { Networks = [new VirtualNetwork("all") { Subnet = "10.0.0.0/8" }, network] });

        Assert.Null(Of(stack).SubnetOf(network));
        Assert.Equal("PROV1149", Assert.Single(StackCheck.Run(stack)).Code);
    }

    [Fact]
    public void Hardware_addresses_follow_from_names_and_belong_to_one_machine()
    {
        var stack = MachineCheckTests.Classroom(2_000);
        var machines = stack.Hosts[0].Hypervisors[0].Machines;
        var (once, again) = (Of(stack), Of(stack));
        var macs = machines.SelectMany(machine => new[] { once.MacOf(machine, 0), once.MacOf(machine, 1) }).ToArray();

        Assert.Equal(macs, machines.SelectMany(machine => new[] { again.MacOf(machine, 0), again.MacOf(machine, 1) }));
        Assert.Equal(macs.Length, macs.Distinct().Count());
        Assert.All(macs, mac => Assert.Matches("^52:54(:[0-9a-f]{2}){4}$", mac));
    }

    [Fact]
    public void A_machine_or_an_interface_more_changes_no_hardware_address()
    {
        var first = new VirtualMachine("first", DiskImage.Tiny()) { Networks = ["a"] };
        var more = first with { Networks = ["b", "a", "a"] };
        var (before, after) = (Of(Stack(Kvm(first))), Of(Stack(Kvm(new VirtualMachine("before", DiskImage.Tiny()) { Networks = ["a"] }, more))));

        Assert.Equal(before.MacOf(first, 0), after.MacOf(more, 1));
        Assert.Equal(3, Enumerable.Range(0, 3).Select(nic => after.MacOf(more, nic)).Distinct().Count());
    }

    [Fact]
    public void A_derived_hardware_address_gives_way_to_one_that_was_given()
    {
        var derived = new VirtualMachine("derived", DiskImage.Tiny()) { Networks = ["net"] };
        var mac = Of(Stack(Kvm(derived))).MacOf(derived, 0);
        var given = new VirtualMachine("given", DiskImage.Tiny()) { Networks = [new NetworkInterface("net") { Mac = mac.ToUpperInvariant() }] };
        var both = Of(Stack(Kvm(derived, given)));

        Assert.Equal(mac, both.MacOf(given, 0));
        Assert.NotEqual(mac, both.MacOf(derived, 0));
    }

    [Fact]
    public void Another_stack_has_other_addresses()
    {
        var (network, machine) = (new VirtualNetwork("net"), new VirtualMachine("vm", DiskImage.Tiny()) { Networks = ["net"] });
        var stack = Stack(new Hypervisor("kvm") { Networks = [network], Machines = [machine] });
        var (one, two) = (MachineAddresses.Of(stack, "one"), MachineAddresses.Of(stack, "two"));

        Assert.NotEqual(one.SubnetOf(network), two.SubnetOf(network));
        Assert.NotEqual(one.MacOf(machine, 0), two.MacOf(machine, 0));
    }

    private static MachineAddresses Of(Stack stack) => MachineAddresses.Of(stack, "lab");

    private static Hypervisor Kvm(params VirtualMachine[] machines) => new("kvm") { Machines = [.. machines] };

    private static Stack Stack(Hypervisor hypervisor) => new() { Hosts = [new Host("here") { Hypervisors = [hypervisor] }] };
}
