using System.ComponentModel.DataAnnotations;
using Provision.Model;

/// <summary>Networks 101: a machine for every student, behind a gateway that all of them share.</summary>
public sealed class Networks : StackDefinition
{
    /// <summary>How much memory a student's machine has.</summary>
    [Range(typeof(DataSize), "128MiB", "4GiB")]
    public DataSize Memory { get; init; } = 256.MiB;

    public override Stack Define()
    {
        var students = Roster.Csv("students.csv");
        var network = new VirtualNetwork("class") { Subnet = "10.60.0.0/24", Domain = "class.internal" };

        var gateway = new VirtualMachine("gateway", DiskImage.Tiny())
        {
            Owner = "teacher@example.edu",
            Memory = 128.MiB,
            Networks = [network],
        };
        var machines = Each(students, student => new VirtualMachine($"desk-{student["login"]}", DiskImage.Tiny())
        {
            Owner = student["mail"],
            Memory = Memory,
            Networks = [network],
            Disks = [new MachineDisk("home", 1.GiB) { Keep = true, Mount = "/home" }],
        });

        return new()
        {
            Hosts = [new Host("room") { Hypervisors = [new Hypervisor("kvm") { Networks = [network], Machines = [gateway, .. machines] }] }],
            Outputs = new(machines.Select(machine => KeyValuePair.Create(machine.Name, machine.Address))),
        };
    }
}
