using System.Collections.Immutable;
using System.Net;
using Provision.Cli.Doctor;
using Provision.Providers.Libvirt;
using Xunit;

namespace Provision.Tests.Cli;

public sealed class VirtualizationChecksTests
{
    private static readonly VirtualizationFacts Fine = new()
    {
        Virtualization = HostVirtualization.Usable,
        HasDevice = true,
        IsRoot = true,
        HasLibrary = true,
        Socket = "/run/libvirt/libvirt-sock",
        Daemon = "QEMU 7.2.22, libvirt 9.0.0",
        Programs = VirtualizationChecks.Programs.Distinct().ToImmutableSortedDictionary(program => program, string? (program) => $"/usr/bin/{program}"),
        Free = ImmutableSortedDictionary<string, long>.Empty.Add("/var/lib/provision", 10L << 30),
        IpForward = "1",
    };

    [Fact]
    public void Where_all_is_there_nothing_needs_a_fix() => Assert.All(VirtualizationChecks.Of(Fine), check => Assert.Equal((DoctorStatus.Ok, null), (check.Status, check.Fix)));

    [Fact]
    public void Every_finding_that_is_not_fine_has_a_fix()
    {
        var bare = new VirtualizationFacts
        {
            Virtualization = new HostVirtualization(false, "there is no /dev/kvm: the kernel's module is not loaded"),
            User = "me",
            KnownGroups = ["libvirt", "kvm"],
            Free = ImmutableSortedDictionary<string, long>.Empty.Add("/var/lib/provision", 1),
            Subnets = [new UsedSubnet("a", IPNetwork.Parse("10.0.0.0/8")), new UsedSubnet("b", IPNetwork.Parse("10.1.0.0/16"))],
        };

        var findings = VirtualizationChecks.Of(bare).Where(check => check.Status != DoctorStatus.Ok).ToArray();

        Assert.Equal(
            ["KVM", "libvirt library", "libvirt daemon", "groups", "qemu-system-x86_64", "qemu-img", "mke2fs", "genisoimage", "dnsmasq", "ssh", "space at /var/lib/provision", "subnets in use"],
            findings.Select(check => check.Name));
        Assert.All(findings, check => Assert.NotNull(check.Fix));
    }

    [Fact]
    public void A_device_without_a_processor_behind_it_is_said_not_to_be_used()
    {
        var facts = Fine with { Virtualization = new HostVirtualization(false, "this CPU offers no virtualisation"), HasDevice = true };

        var kvm = VirtualizationChecks.Of(facts).Single(check => check.Name == "KVM");

        Assert.Equal(DoctorStatus.Ok, kvm.Status);
        Assert.Contains("/dev/kvm is not used though it is there; machines run by plain emulation", kvm.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_that_denies_us_is_a_failure()
    {
        var facts = Fine with { Daemon = null, DaemonProblem = ("no permission to use libvirt", "Join the group.", true) };

        Assert.Equal((DoctorStatus.Failed, "Join the group."), VirtualizationChecks.Of(facts).Where(check => check.Name == "libvirt daemon").Select(check => (check.Status, check.Fix)).Single());
    }

    [Theory]
    [InlineData("10.1.2.3", 24, "10.1.2.0/24")]
    [InlineData("10.1.2.3", 32, "10.1.2.3/32")]
    [InlineData("10.1.2.3", 0, "0.0.0.0/0")]
    [InlineData("192.168.122.1", 20, "192.168.112.0/20")]
    public void The_network_of_an_address_has_no_bits_beyond_its_prefix(string address, int prefix, string network) =>
        Assert.Equal(IPNetwork.Parse(network), FreeSubnets.NetworkOf(IPAddress.Parse(address), prefix));

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.1.0/24", false)]
    [InlineData("10.0.0.0/16", "10.0.1.0/24", true)]
    [InlineData("10.0.1.0/24", "10.0.0.0/16", true)]
    public void Networks_overlap_where_one_holds_the_others_start(string one, string other, bool overlap) =>
        Assert.Equal(overlap, new UsedSubnet("a", IPNetwork.Parse(one)).Overlaps(new UsedSubnet("b", IPNetwork.Parse(other))));
}
