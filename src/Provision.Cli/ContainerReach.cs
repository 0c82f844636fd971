using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Providers.Docker;

namespace Provision.Cli;

/// <summary>Finds a stack's container in its state, and the daemon it runs at.</summary>
internal static class ContainerReach
{
    public static readonly ResourceType Container = new("docker:index/container:Container");

    /// <exception cref="CliException">There is no such container, or its provider is not recorded.</exception>
    public static (ResourceState Container, DockerAccess Docker) Open(Snapshot snapshot, string name)
    {
        var container = ResourceLookup.Find(snapshot, name, "container", state => state.Type == Container);
        var provider = snapshot.Resources.FirstOrDefault(state => state.Urn == container.Provider?.Urn && !state.Delete)
            ?? throw new CliException(ExitCode.Resource, CliDiagnostics.NothingRuns(name, "its provider is not recorded."));
        return (container, DockerAccess.Open(provider.Inputs));
    }
}
