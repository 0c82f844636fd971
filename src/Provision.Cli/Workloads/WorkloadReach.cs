using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Providers.Docker;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Workloads;

/// <summary>The daemons behind a stack's machines and containers, each opened once. For one thread.</summary>
internal sealed class WorkloadReach(Invocation invocation, Snapshot snapshot) : IAsyncDisposable
{
    private readonly Dictionary<Urn, IMachineAccess> _machines = [];
    private readonly Dictionary<Urn, DockerAccess> _docker = [];

    /// <exception cref="CliException">The machine's provider is not recorded.</exception>
    public IMachineAccess Machines(Workload machine) => Open(_machines, machine, invocation.Composition.OpenMachines);

    /// <exception cref="CliException">The container's provider is not recorded.</exception>
    public DockerAccess Docker(Workload container) => Open(_docker, container, DockerAccess.Open);

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _machines.Values.Concat<IAsyncDisposable>(_docker.Values))
        {
            await opened.DisposeAsync();
        }
    }

    private T Open<T>(Dictionary<Urn, T> opened, Workload workload, Func<PropertyMap, T> open)
    {
        var inputs = workload.ProviderInputs(snapshot);
        var provider = workload.State.Provider?.Urn ?? workload.State.Urn;
        return opened.TryGetValue(provider, out var already) ? already : opened[provider] = open(inputs);
    }
}
