using Provision.Providers.Docker.Images;

namespace Provision.Providers.Docker;

/// <summary>The kinds of the <c>docker</c> package, by type token.</summary>
internal static class DockerResources
{
    public static Dictionary<string, IDockerResource> All(TimeProvider clock, LocalMachine machine, RegistryCredentials credentials) =>
        new IDockerResource[]
        {
            new ContainerResource(clock),
            new ImageResource(machine, credentials),
            new NetworkResource(clock),
            new RemoteImageResource(machine, credentials),
            new VolumeResource(clock),
        }.ToDictionary(resource => resource.Type, StringComparer.Ordinal);
}
