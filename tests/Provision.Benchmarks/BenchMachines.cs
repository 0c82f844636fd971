using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Provision.Model;

/// <summary>Tiny machines on one network, as the published program loads them.</summary>
public sealed class BenchMachines : StackDefinition
{
    /// <summary>How many machines.</summary>
    [Range(1, 1_000)]
    public int Count { get; init; } = 10;

    /// <summary>Whether they run.</summary>
    public bool Run { get; init; } = true;

    public override Stack Define()
    {
        var network = new VirtualNetwork("net");
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
                            Prepare = false,
                            Networks = [network],
                            Machines =
                            [
                                .. Enumerable.Range(1, Count).Select(n => new VirtualMachine($"box-{n.ToString("000", CultureInfo.InvariantCulture)}", DiskImage.Tiny())
                                {
                                    Memory = 96.MiB,
                                    Networks = [network],
                                    Power = Run ? MachinePower.Running : MachinePower.Off,
                                }),
                            ],
                        },
                    ],
                },
            ],
        };
    }
}
