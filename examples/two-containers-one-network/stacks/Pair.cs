using System.ComponentModel.DataAnnotations;
using Provision.Model;

/// <summary>A server and a client that reaches it by name, on one network with fixed addresses.</summary>
public sealed class Pair : StackDefinition
{
    /// <summary>The port of 127.0.0.1 on which the server answers.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 8090;

    public override Stack Define()
    {
        var tiny = ContainerImage.Tiny();
        var network = new ContainerNetwork("pair") { Subnet = "10.77.30.0/24" };

        var server = new Container("server", tiny)
        {
            Command = ["httpd", "-f", "-p", "80", "-h", "/www"],
            Files = [new ContainerFile("/www/index.html", "pong\n")],
            Ports = [new Port(80) { Host = Port, Ip = "127.0.0.1" }],
            Networks = [new NetworkAttachment(network) { Address = "10.77.30.10" }],
            Health = HealthCheck.Http(80) with { Interval = TimeSpan.FromSeconds(1) },
            Init = true,
        };
        var client = new Container("client", tiny)
        {
            Command = ["sh", "-c", "while sleep 5; do wget -q -O - \"$SERVER\"; done"],
            Environment = new() { ["SERVER"] = server.InternalUrl(80) },
            Networks = [network],
            Init = true,
        };

        return new()
        {
            Hosts = [new Host("here") { Networks = [network], Containers = [server, client] }],
            Outputs = new() { ["url"] = server.Url(80), ["address"] = server.Address },
        };
    }
}
