using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Providers.Docker;
using Provision.Providers.Docker.Images;
using Provision.Providers.Hosts;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Access;
using Provision.Providers.Lowering;
using Provision.Providers.Tls;

namespace Provision.Cli;

/// <summary>Who implements what. Made by hand: a container would only hide it.</summary>
internal sealed record Composition
{
    /// <summary>The providers of one run, given the workspace's folder, from which relative paths start.</summary>
    public required Func<TimeProvider, string, IReadOnlyList<IProviderFactory>> Providers { get; init; }

    /// <summary>
    /// The providers of a review, given the workspace's folder. They only check and compare, as on a host that can do all that is declared: a review
    /// says the same wherever it runs.
    /// </summary>
    public required Func<string, IReadOnlyList<IProviderFactory>> ReviewProviders { get; init; }

    /// <summary>What a stack of a workspace should be.</summary>
    public required StackGoalsReader ReadGoals { get; init; }

    /// <summary>The hypervisor that a libvirt provider's recorded inputs name. Connects to nothing yet.</summary>
    public required Func<PropertyMap, IMachineAccess> OpenMachines { get; init; }

    /// <summary>What the host at an address says it has; null where it cannot be asked without connecting.</summary>
    public required Func<string, HostCapacity?> ReadCapacity { get; init; }

    public required Func<Guid> NewId { get; init; }

    public static Composition OfProduct() => new()
    {
        Providers = (clock, folder) => ProvidersOf(clock, LocalMachine.Current() with { Folder = folder }, HostVirtualization.Detect()),
        ReviewProviders = folder => ProvidersOf(TimeProvider.System, new LocalMachine(folder, ImmutableDictionary<string, string>.Empty), HostVirtualization.Usable),
        ReadGoals = StackGoals.Read,
        OpenMachines = inputs => LibvirtAccess.Open(inputs, TimeProvider.System),
        ReadCapacity = CapacityOf,
        NewId = Guid.NewGuid,
    };

    private static IReadOnlyList<IProviderFactory> ProvidersOf(TimeProvider clock, LocalMachine machine, HostVirtualization virtualization) =>
    [
        new DockerProviderFactory(clock, machine),
        new HostProviderFactory(clock),
        new LibvirtProviderFactory(clock, virtualization),
        new TlsProviderFactory(),
    ];

    private static HostCapacity? CapacityOf(string address) => address == Host.Local && LocalResources.Read() is var seen
        ? new HostCapacity { Cpus = seen.Processors, Memory = SizeOf(seen.Memory), Disk = SizeOf(seen.Disk) }
        : null;

    private static DataSize? SizeOf(long? bytes) => bytes is { } known ? new DataSize(known) : null;
}

/// <summary>Reads a definition and lowers it to goals.</summary>
internal delegate StackGoalSet StackGoalsReader(
    Invocation invocation, Workspace workspace, string stack, IReadOnlyList<string> settings, CancellationToken cancellationToken);

/// <summary>What a stack should be.</summary>
/// <param name="Goals">Its resources.</param>
/// <param name="Hash">Of all they were made from; saved plans name it.</param>
internal sealed record StackGoalSet(IReadOnlyList<ResourceGoal> Goals, ModelHashes Hash)
{
    /// <summary>What was lowered to them; null where the goals come from elsewhere than a definition.</summary>
    public Stack? Stack { get; init; }

    /// <summary>The workspace's policies that they do not keep.</summary>
    public ImmutableArray<PolicyViolation> Violations { get; init; } = [];
}
