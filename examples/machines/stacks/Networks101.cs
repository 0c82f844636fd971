using System.ComponentModel.DataAnnotations;
using Provision.Model;

/// <summary>Networks 101: for every student a server and a client on a network of their own, which reaches nobody else's.</summary>
public sealed class Networks101 : StackDefinition
{
    /// <summary>How many students are enrolled.</summary>
    [Range(1, 100)]
    public int Students { get; init; } = 2;

    /// <summary>How much memory a machine has.</summary>
    [Range(typeof(DataSize), "80MiB", "4GiB")]
    public DataSize Memory { get; init; } = 96.MiB;

    public override Stack Define()
    {
        var image = DiskImage.Tiny();

        // Students take the course over the class's network, and practise on one that nothing else is on.
        var shared = new VirtualNetwork("class") { Domain = "class.internal" };
        var desks = Each(Students, n => new VirtualNetwork($"desk-{n}") { Mode = NetworkMode.Isolated, Subnet = $"10.101.{n}.0/24" });

        var servers = Each(Students, n => new VirtualMachine($"server-{n}", image)
        {
            Owner = $"student-{n}@example.edu",
            Memory = Memory,
            Networks = [new NetworkInterface(desks[n - 1]) { Address = $"10.101.{n}.2" }],

            // What a student stores here is there after provision reset, which makes everything else anew.
            Disks = [new MachineDisk("home", 64.MiB) { Keep = true, Mount = "/home" }],
            ShutdownTimeout = TimeSpan.FromSeconds(20),
        });
        var clients = Each(Students, n => new VirtualMachine($"client-{n}", image)
        {
            Owner = $"student-{n}@example.edu",
            Memory = Memory,
            Networks = [shared, desks[n - 1]],
            FirstBoot = new() { Files = [new MachineFile("/etc/motd", $"Your server is {servers[n - 1].Address}. Start with: ping {servers[n - 1].Address}\n")] },
        });

        return new()
        {
            Hosts =
            [
                new Host("room")
                {
                    // A student too many is found before anything is touched.
                    Capacity = new() { Cpus = 2, Memory = 4.GiB },
                    Overcommit = new() { Cpu = 8 },
                    Hypervisors = [new Hypervisor("kvm") { Networks = [shared, .. desks], Machines = [.. servers, .. clients] }],
                },
            ],
            Outputs = new(clients.Select(client => KeyValuePair.Create(client.Name, client.Address))),
        };
    }
}
