using Provision.Model;

/// <summary>The department's wiki, and the database under it.</summary>
public sealed class Wiki : StackDefinition
{
    public override Stack Define()
    {
        var network = new ContainerNetwork("wiki") { Subnet = "10.61.0.0/24" };
        var pages = new ContainerVolume("pages") { Owner = "librarian@example.edu" };

        var database = new Container("database", "postgres:17.5-alpine")
        {
            Owner = "librarian@example.edu",
            Environment = new() { ["POSTGRES_HOST_AUTH_METHOD"] = "trust" },
            Mounts = [Mount.Volume(pages, "/var/lib/postgresql/data")],
            Networks = [network],
            Limits = new() { Memory = 512.MiB },
            Restart = RestartPolicy.UnlessStopped,
        };
        var wiki = new Container("wiki", "requarks/wiki:2.5.306")
        {
            Owner = "librarian@example.edu",
            Environment = new() { ["DB_TYPE"] = "postgres", ["DB_HOST"] = database.DnsName },
            Ports = [new Port(3000) { Host = 8080, Ip = "127.0.0.1" }],
            Networks = [network],
            Restart = RestartPolicy.UnlessStopped,
        };

        return new()
        {
            Hosts = [new Host("room") { Networks = [network], Volumes = [pages], Containers = [database, wiki] }],
            Outputs = new() { ["url"] = wiki.Url(3000) },
        };
    }
}
