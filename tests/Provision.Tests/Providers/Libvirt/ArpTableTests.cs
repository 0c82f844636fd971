using Provision.Providers.Libvirt;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

public sealed class ArpTableTests
{
    [Fact]
    public void Neighbours_that_answered_are_read_from_the_kernels_table()
    {
        string[] lines =
        [
            "IP address       HW type     Flags       HW address            Mask     Device",
            "10.20.0.9        0x1         0x2         52:54:00:AA:BB:01     *        virbr1",
            "10.20.0.8        0x1         0x0         00:00:00:00:00:00     *        virbr1",
            "10.20.0.7        0x1         0x6         52:54:00:aa:bb:02     *        virbr1",
            "",
        ];

        Assert.Equal(
            ["52:54:00:aa:bb:01 10.20.0.9", "52:54:00:aa:bb:02 10.20.0.7"],
            ArpTable.Parse(lines).Select(one => $"{one.Mac} {Assert.Single(one.Addresses).Address}"));
        Assert.Empty(ArpTable.Parse([]));
    }
}
