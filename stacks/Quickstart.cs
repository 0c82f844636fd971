using System.ComponentModel.DataAnnotations;
using Provision.Model;

/// <summary>One web page, served by a container and by two tiny virtual machines, and a counter that keeps visiting it. No registry.</summary>
public sealed class Quickstart : StackDefinition
{
    /// <summary>The port of 127.0.0.1 on which the container's page answers.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 8080;

    /// <summary>How much memory the web server may use.</summary>
    [Range(typeof(DataSize), "6MiB", "4GiB")]
    public DataSize Memory { get; init; } = 32.MiB;

    /// <summary>How many virtual machines there are.</summary>
    [Range(0, 50)]
    public int Machines { get; init; } = 2;

    /// <summary>How much memory a virtual machine has.</summary>
    [Range(typeof(DataSize), "80MiB", "4GiB")]
    public DataSize MachineMemory { get; init; } = 96.MiB;

    /// <summary>What the page says.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string Greeting { get; init; } = "Hello from Provision";

    public override Stack Define()
    {
        // A few megabytes made on the host from its own busybox package. It serves /www, whether it runs as a container or as a machine.
        var site = ContainerImage.Tiny("site", "httpd", "-f", "-p", "80", "-h", "/www");
        var page = $"<!doctype html><title>Quickstart</title><h1>{Html(Greeting)}</h1>\n";

        var network = new ContainerNetwork("net");
        var data = new ContainerVolume("data");
        var web = new Container("web", site)
        {
            Files = [new ContainerFile("/www/index.html", page)],
            Ports = [new Port(80) { Host = Port, Ip = "127.0.0.1" }],
            Networks = [network],
            Mounts = [Mount.Volume(data, "/www/data", readOnly: true)],
            Limits = new() { Memory = Memory },
            Health = HealthCheck.Http(80) with { Interval = TimeSpan.FromSeconds(1) },
            Restart = RestartPolicy.UnlessStopped,
            Init = true,
        };

        // Refers to web, so it starts only when web is healthy; what it writes is served as /data/visits.txt.
        var counter = new Container("counter", site)
        {
            Command = ["sh", "-c", "n=0; while sleep 2; do wget -q -O /dev/null \"$PAGE\" && n=$((n+1)) && echo \"$n\" > /data/visits.txt; done"],
            Environment = new() { ["PAGE"] = web.InternalUrl(80) },
            Networks = [network],
            Mounts = [Mount.Volume(data, "/data")],
            Limits = new() { Memory = 16.MiB },
            Restart = RestartPolicy.UnlessStopped,
            Init = true,
        };

        // The same image and page, with a kernel of their own. The stack's key logs in: provision ssh, or provision console for the serial line.
        var lan = new VirtualNetwork("lan");
        var boxes = Each(Machines, n => new VirtualMachine($"box-{n}", DiskImage.Tiny(site))
        {
            Memory = MachineMemory,
            Networks = [lan],
            FirstBoot = new() { Files = [new MachineFile("/www/index.html", page)] },
            Ready = ReadyCheck.Http(80),
        });

        var outputs = new Map<Value<string>> { ["url"] = web.Url(80) };
        foreach (var box in boxes)
        {
            outputs = outputs.With(box.Name, $"http://{box.Address}").With($"{box.Name}-ssh", $"provision ssh quickstart/{box.Name}");
        }

        return new()
        {
            Hosts =
            [
                new Host("here")
                {
                    Networks = [network],
                    Volumes = [data],
                    Containers = [web, counter],
                    Hypervisors = boxes.IsEmpty ? [] : [new Hypervisor("kvm") { Networks = [lan], Machines = boxes }],
                },
            ],
            Outputs = outputs,
        };
    }

    private static string Html(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
