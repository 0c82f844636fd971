using System.ComponentModel.DataAnnotations;
using Provision.Model;

/// <summary>A web container and a volume for every student of roster.csv, on a host whose capacity is declared.</summary>
public sealed class Os101 : StackDefinition
{
    /// <summary>What the course is called.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string Course { get; init; } = "Operating Systems 101";

    /// <summary>The first student's port of 127.0.0.1; the others follow.</summary>
    [Range(1024, 60000)]
    public int FirstPort { get; init; } = 9001;

    /// <summary>How much memory a student has.</summary>
    [Range(typeof(DataSize), "6MiB", "1GiB")]
    public DataSize Memory { get; init; } = 16.MiB;

    public override Stack Define()
    {
        var students = Roster.Csv("roster.csv");
        var network = new ContainerNetwork("class") { Subnet = "10.77.40.0/22" };
        var homes = Each(students, student => new ContainerVolume($"home-{student["login"]}") { Owner = student["mail"] });

        var containers = Each(students, (student, n) => new Container($"student-{student["login"]}", ContainerImage.Tiny())
        {
            Owner = student["mail"],
            Command = ["sh", "-c", "[ -e /home/index.html ] || cp /etc/welcome.html /home/index.html; exec httpd -f -p 80 -h /home"],
            Files = [new ContainerFile("/etc/welcome.html", $"<!doctype html><h1>{Course}</h1><p>Welcome, {student["name"]}.\n")],
            Mounts = [Mount.Volume(homes[n - 1], "/home")],
            Ports = [new Port(80) { Host = FirstPort + n - 1, Ip = "127.0.0.1" }],
            Networks = [network],
            Limits = new() { Memory = Memory, Cpus = 0.25, Pids = 64 },
            Health = HealthCheck.Http(80) with { Interval = TimeSpan.FromSeconds(2) },
            Labels = new() { ["course"] = Course },
            Init = true,
        });

        return new()
        {
            Hosts =
            [
                new Host("room")
                {
                    // A student too many is found before anything is touched.
                    Capacity = new() { Cpus = 2, Memory = 1.GiB },
                    Overcommit = new() { Cpu = 4 },
                    Networks = [network],
                    Volumes = homes,
                    Containers = containers,
                },
            ],
            Outputs = new(containers.Select(container => KeyValuePair.Create(container.Name, container.Url(80)))),
        };
    }
}
