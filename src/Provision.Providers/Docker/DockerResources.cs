using System.Collections.Frozen;
using Provision.Providers.Docker.Images;

namespace Provision.Providers.Docker;

/// <summary>The kinds of the <c>docker</c> package, by type token.</summary>
internal static class DockerResources
{
    public static FrozenDictionary<string, IDockerResource> All(TimeProvider clock, LocalMachine machine, RegistryCredentials credentials) =>
        new IDockerResource[]
        {
            new ContainerResource(clock),
            new ImageResource(machine, credentials),
            new NetworkResource(clock),
            new RemoteImageResource(machine, credentials),
            new VolumeResource(clock),
        }.ToFrozenDictionary(resource => resource.Type, StringComparer.Ordinal);
}
