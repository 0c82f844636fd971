using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Provision.Model;

/// <summary>
/// A class: pairs of a server and a client that refers to it, one network for each ten. Compiled into the benchmarks and, as a file, the definition
/// that the published program loads.
/// </summary>
public sealed class Bench : StackDefinition
{
    /// <summary>How many containers.</summary>
    [Range(1, 50_000)]
    public int Containers { get; init; } = 272;

    /// <summary>Where the Docker engine listens; nobody does.</summary>
    public string Endpoint { get; init; } = "unix:///run/provision-bench-nowhere.sock";

    public override Stack Define()
    {
        ContainerImage image = "registry.example.edu/lab/web:1.4";
        var networks = Enumerable.Range(0, (Containers + 9) / 10).Select(i => new ContainerNetwork($"net-{Number(i)}")).ToList();
        var all = new List<Container>(Containers);
        for (var i = 0; i < Containers; i++)
        {
            var network = networks[i / 10];
            all.Add(i % 2 == 0
                ? new Container($"web-{Number(i)}", image)
                {
                    Command = ["httpd", "-f", "-p", "80"],
                    Networks = [network],
                    Ports = [new Port(80) { Host = 10_000 + i, Ip = "127.0.0.1" }],
                    Limits = new() { Memory = 32.MiB },
                    Health = HealthCheck.Http(80),
                    Restart = RestartPolicy.UnlessStopped,
                }
                : new Container($"client-{Number(i)}", image)
                {
                    Command = ["sh", "-c", "while sleep 5; do wget -q -O /dev/null \"$PAGE\"; done"],
                    Environment = new() { ["PAGE"] = all[i - 1].InternalUrl(80) },
                    Networks = [network],
                    Limits = new() { Memory = 16.MiB },
                });
        }

        return new()
        {
            Hosts =
            [
                new Host("here")
                {
                    Docker = new() { Endpoint = Endpoint, Prepare = false },
                    Networks = [.. networks],
                    Containers = [.. all],
                },
            ],
        };
    }

    private static string Number(int i) => i.ToString("0000", CultureInfo.InvariantCulture);
}
