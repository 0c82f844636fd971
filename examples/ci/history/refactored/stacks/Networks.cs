using System.ComponentModel.DataAnnotations;
using Provision.Model;

/// <summary>Networks 101: a machine for every student, behind a gateway that all of them share.</summary>
public sealed class Networks : StackDefinition
{
    private static readonly DiskImage Image = DiskImage.Tiny();

    /// <summary>How much memory a student's machine has.</summary>
    [Range(typeof(DataSize), "128MiB", "4GiB")]
    public DataSize Memory { get; init; } = 256.MiB;

    public override Stack Define()
    {
        var classroom = new VirtualNetwork("class") { Domain = "class.internal", Subnet = "10.60.0.0/23" };
        var desks = Each(Roster.Csv("students.csv"), row => Desk(row, classroom));
        var kvm = new Hypervisor("kvm") { Machines = [Gateway(classroom), .. desks], Networks = [classroom] };

        return new()
        {
            Hosts = [new Host("room") { Hypervisors = [kvm] }],
            Outputs = new(desks.Select(desk => KeyValuePair.Create(desk.Name, desk.Address))),
        };
    }

    private static VirtualMachine Gateway(VirtualNetwork classroom) =>
        new("gateway", Image) { Owner = "teacher@example.edu", Memory = 128.MiB, Networks = [classroom] };

    private VirtualMachine Desk(RosterRow student, VirtualNetwork classroom) => new($"desk-{student["login"]}", Image)
    {
        Owner = student["mail"],
        Memory = Memory,
        Disks = [new MachineDisk("home", 1.GiB) { Keep = true, Mount = "/home" }],
        Networks = [classroom],
    };
}
