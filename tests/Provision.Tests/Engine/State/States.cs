using System.Collections.Immutable;
using System.Text;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Tests.Engine.State;

/// <summary>Small states to build snapshots of.</summary>
internal static class States
{
    public static readonly StackName Stack = new("lab", "dev");

    public static readonly Urn RootUrn = Urn.OfStack("dev", "lab");

    public static readonly ResourceState Root = new() { Urn = RootUrn, Custom = false };

    public static readonly ResourceState Provider = new()
    {
        Urn = Urn.Create("dev", "lab", null, ResourceType.ProviderOf("docker"), "default"),
        Custom = true,
        Id = "p1",
        Inputs = PropertyMap.Of(("host", "unix:///var/run/docker.sock")),
    };

    public static Urn UrnOf(string name) => Urn.Create("dev", "lab", RootUrn, new ResourceType("docker:index/container:Container"), name);

    public static ResourceState Container(string name, params string[] dependencies) => new()
    {
        Urn = UrnOf(name),
        Custom = true,
        Id = "id-" + name,
        Parent = RootUrn,
        Provider = new ProviderReference(Provider.Urn, Provider.Id),
        Dependencies = [.. dependencies.Select(UrnOf)],
        Inputs = PropertyMap.Of(("name", name)),
        Outputs = PropertyMap.Of(("name", name), ("ports", PropertyValue.ListOf([80.0, 443.0]))),
    };

    public static Snapshot Of(params ResourceState[] states) => new() { Resources = [Root, Provider, .. states] };

    public static string Text(Checkpoint checkpoint, ISecretsProvider secrets)
    {
        using var stream = new MemoryStream();
        CheckpointJson.Write(stream, checkpoint, secrets);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Snapshots compared by what they say.</summary>
    public static string Text(Snapshot snapshot) =>
        Text(new Checkpoint { IsDeployed = true, Snapshot = snapshot }, new TestSecrets());

    public static Checkpoint Read(string text, TestSecrets? secrets = null) =>
        CheckpointJson.Read(Encoding.UTF8.GetBytes(text), "dev.json", secrets ?? new TestSecrets());

    public static ImmutableArray<string> Names(Snapshot snapshot) => [.. snapshot.Resources.Select(state => state.Urn.Name)];
}
