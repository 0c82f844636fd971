using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Model.Policies;

namespace Provision.Cli.Workloads;

internal enum WorkloadKind
{
    Machine,
    Container,
}

/// <summary>Something of a stack that runs and can be reached: a machine or a container.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Name">What people call it: the declared machine's or container's name.</param>
/// <param name="State">Its recorded domain or container.</param>
internal sealed record Workload(WorkloadKind Kind, string Name, ResourceState State)
{
    public static readonly ResourceType Container = new(ResourceTypes.Container);
    public static readonly ResourceType Domain = new(ResourceTypes.Machine);

    private const string DeclaredMachine = "VirtualMachine";

    public string Id => State.Id;

    /// <summary>Its name where names of both kinds are shown together.</summary>
    public string FullName => $"{Word(Kind)}:{Name}";

    public static string Word(WorkloadKind kind) => kind == WorkloadKind.Machine ? "machine" : "container";

    /// <summary>The workload that a recorded resource is, or null.</summary>
    public static Workload? Of(ResourceState state)
    {
        if (state.Delete)
        {
            return null;
        }

        if (state.Type == Container)
        {
            return new Workload(WorkloadKind.Container, state.Urn.Name, state);
        }

        return state.Type == Domain
            ? new Workload(WorkloadKind.Machine, state.Parent is { Type.Name: DeclaredMachine } machine ? machine.Name : state.Urn.Name, state)
            : null;
    }

    public static IEnumerable<Workload> All(Snapshot snapshot) => snapshot.Resources.Select(Of).OfType<Workload>();

    /// <summary>The recorded inputs of the provider that reaches it.</summary>
    /// <exception cref="CliException">It is not recorded.</exception>
    public PropertyMap ProviderInputs(Snapshot snapshot) =>
        snapshot.Resources.FirstOrDefault(state => state.Urn == State.Provider?.Urn && !state.Delete)?.Inputs
        ?? throw new CliException(ExitCode.Resource, CliDiagnostics.NothingRuns(Name, "its provider is not recorded."));
}
