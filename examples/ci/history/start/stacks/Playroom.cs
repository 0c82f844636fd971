using Provision.Model;

/// <summary>Where anybody may try something. Nobody's work depends on it.</summary>
public sealed class Playroom : StackDefinition
{
    public override Stack Define()
    {
        var scratch = new ContainerVolume("scratch") { Owner = "teacher@example.edu" };
        var shell = new Container("shell", "alpine:3.23")
        {
            Owner = "teacher@example.edu",
            Command = ["sleep", "infinity"],
            Mounts = [Mount.Volume(scratch, "/scratch")],
            Init = true,
        };

        return new() { Hosts = [new Host("room") { Volumes = [scratch], Containers = [shell] }] };
    }
}
