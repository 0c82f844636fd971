using System.ComponentModel.DataAnnotations;
using Provision.Model;

/// <summary>A web page, and a counter that keeps visiting it: one network, one volume, one image, two containers, no registry.</summary>
public sealed class Quickstart : StackDefinition
{
    /// <summary>The port of 127.0.0.1 on which the page answers.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 8080;

    /// <summary>How much memory the web server may use.</summary>
    [Range(typeof(DataSize), "6MiB", "4GiB")]
    public DataSize Memory { get; init; } = 32.MiB;

    /// <summary>What the page says.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string Greeting { get; init; } = "Hello from Provision";

    public override Stack Define()
    {
        // A few megabytes made on the host from its own busybox package: a shell, httpd, wget.
        var tiny = ContainerImage.Tiny();
        var network = new ContainerNetwork("net");
        var data = new ContainerVolume("data");

        var web = new Container("web", tiny)
        {
            Command = ["httpd", "-f", "-p", "80", "-h", "/www"],
            Files = [new ContainerFile("/www/index.html", $"<!doctype html><title>Quickstart</title><h1>{Html(Greeting)}</h1>\n")],
            Ports = [new Port(80) { Host = Port, Ip = "127.0.0.1" }],
            Networks = [network],
            Mounts = [Mount.Volume(data, "/www/data", readOnly: true)],
            Limits = new() { Memory = Memory },
            Health = HealthCheck.Http(80) with { Interval = TimeSpan.FromSeconds(1) },
            Restart = RestartPolicy.UnlessStopped,
            Init = true,
        };

        // Refers to web, so it starts only when web is healthy; what it writes is served as /data/visits.txt.
        var counter = new Container("counter", tiny)
        {
            Command = ["sh", "-c", "n=0; while sleep 2; do wget -q -O /dev/null \"$PAGE\" && n=$((n+1)) && echo \"$n\" > /data/visits.txt; done"],
            Environment = new() { ["PAGE"] = web.InternalUrl(80) },
            Networks = [network],
            Mounts = [Mount.Volume(data, "/data")],
            Limits = new() { Memory = 16.MiB },
            Restart = RestartPolicy.UnlessStopped,
            Init = true,
        };

        return new()
        {
            Hosts =
            [
                new Host("here")
                {
                    Networks = [network],
                    Volumes = [data],
                    Containers = [web, counter],
                },
            ],
            Outputs = new() { ["url"] = web.Url(80) },
        };
    }

    private static string Html(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
