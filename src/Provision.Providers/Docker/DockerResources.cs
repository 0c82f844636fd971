using System.Collections.Frozen;

namespace Provision.Providers.Docker;

/// <summary>The kinds of the <c>docker</c> package, by type token.</summary>
internal static class DockerResources
{
    public static FrozenDictionary<string, IDockerResource> All(TimeProvider clock) =>
        new IDockerResource[] { new ContainerResource(clock), new NetworkResource(clock), new VolumeResource(clock) }
            .ToFrozenDictionary(resource => resource.Type, StringComparer.Ordinal);
}
