using Provision.Engine.Resources;
using Xunit;

namespace Provision.Tests.Cli.Machines;

/// <summary>
/// A stack with two machines (box-1 with a kept disk, box-2), a container called web on a daemon that is not there, and the key the machines were
/// made with; brought up in the fake world.
/// </summary>
internal sealed class MachineStack : IDisposable
{
    public const string Box1 = "11111111-1111-4111-8111-111111111111";
    public const string Box2 = "22222222-2222-4222-8222-222222222222";

    private static readonly ResourceType Component = new("provision:index:VirtualMachine");

    public TestCli Cli { get; } = new();

    /// <summary>The private half of the stack's key.</summary>
    public string Key { get; init; } = "not a key";

    public string NetworkMode { get; init; } = "nat";

    /// <summary>A machine beside the container of the same name.</summary>
    public bool HasTwins { get; init; }

    /// <summary>What the container is made from where the stack makes that too: type, inputs, and the output that the container refers to.</summary>
    public (string Type, PropertyMap Inputs, string Output)? OwnImage { get; init; }

    public bool Box2ShallRun { get; init; } = true;

    public async Task<MachineStack> UpAsync(string stack = "lab")
    {
        Cli.AddStack(stack);
        Cli.MoreGoals = Goals;
        foreach (var id in (string[])[Box1, Box2])
        {
            Cli.Machines.ById[id] = new FakeMachine();
        }

        var code = await Cli.RunAsync("up", stack, "--yes");
        Assert.True(code == 0, Cli.Error);
        return this;
    }

    public void Dispose() => Cli.Dispose();

    private IEnumerable<ResourceGoal> Goals(string project, string stack)
    {
        var root = Urn.OfStack(stack, project);
        var libvirt = Provider("libvirt", ("uri", "fake:///lab"));
        var docker = Provider("docker", ("host", "unix:///nowhere/docker.sock"));
        var tls = Provider("tls");
        var key = Custom("tls:index/privateKey:PrivateKey", "key", tls, root, ("privateKeyOpenssh", new PropertyValue.Secret(Key)));
        return
        [
            libvirt, docker, tls, key,
            Custom("libvirt:index/network:Network", "net", libvirt, root, ("name", "lab-net"), ("mode", NetworkMode), ("addresses", PropertyValue.ListOf(["10.99.0.0/24"]))),
            .. Machine("box-1", Box1, shallRun: true, keep: true),
            .. Machine("box-2", Box2, Box2ShallRun, keep: false),
            .. HasTwins ? Machine("web", "33333333-3333-4333-8333-333333333333", shallRun: true, keep: false) : [],
            .. OwnImage is null ? [] : (ResourceGoal[])[Image(OwnImage.Value.Type) with { Inputs = OwnImage.Value.Inputs }],
            Custom(
                "docker:index/container:Container", "web", docker, root,
                ("image", OwnImage is { } own ? new PropertyValue.Reference(Image(own.Type).Urn, PropertyPath.Of(own.Output)) : "tiny:1"), ("mustRun", true)),
        ];

        ResourceGoal Provider(string package, params Property[] inputs) =>
            new() { Urn = Urn.Create(stack, project, root, ResourceType.ProviderOf(package), package), Custom = true, Parent = root, Inputs = PropertyMap.Of(inputs) };

        ResourceGoal Image(string type) => Custom(type, "hello", docker, root);

        ResourceGoal Custom(string type, string name, ResourceGoal provider, Urn parent, params Property[] inputs) => new()
        {
            Urn = Urn.Create(stack, project, parent, new ResourceType(type), name),
            Custom = true,
            Parent = parent,
            Provider = provider.Urn,
            Inputs = PropertyMap.Of(inputs),
        };

        ResourceGoal[] Machine(string name, string id, bool shallRun, bool keep)
        {
            var component = Urn.Create(stack, project, root, Component, name);
            ResourceGoal disk = Volume("root"), data = Volume("data");
            return
            [
                new ResourceGoal { Urn = component, Custom = false, Parent = root },
                disk, data,
                Custom(
                    "libvirt:index/domain:Domain", name, libvirt, component,
                    ("id", id), ("running", shallRun), ("__user", "lab"), ("__image", "debian-12"), ("__shutdownSeconds", 9),
                    ("disks", PropertyValue.ListOf(
                    [
                        (PropertyValue)PropertyMap.Of(("volumeId", new PropertyValue.Reference(disk.Urn, PropertyPath.Of("id"))), ("__serial", "root")),
                        PropertyMap.Of(("volumeId", new PropertyValue.Reference(data.Urn, PropertyPath.Of("id"))), ("__serial", "data"), ("__keep", keep)),
                    ])),
                    ("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "lab-net"))])))
                with { Options = new ResourceOptions { DependsOn = [key.Urn] } },
            ];

            ResourceGoal Volume(string disk) => Custom(
                "libvirt:index/volume:Volume", $"{name}-{disk}", libvirt, component, ("id", $"/pool/{name}-{disk}.qcow2"), ("name", $"{name}-{disk}.qcow2"));
        }
    }
}
