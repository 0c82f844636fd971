using System.Diagnostics;
using Provision.Cli.Workloads;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Model.Policies;

namespace Provision.Cli.Ssh;

/// <summary>Reaches a machine with the system's ssh and the key that its stack made.</summary>
internal static class SshSession
{
    private static readonly ResourceType Network = new(ResourceTypes.MachineNetwork);

    // Modes in which libvirt itself runs the network. In the others the machine stands on the host's own network.
    private static readonly string[] PrivateModes = ["nat", "route", "none"];

    /// <summary>The key is only needed to log in, which waits for no person.</summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromMinutes(2);

    /// <summary>Where a machine is reached, after a look at it; and its key in clear, where its stack made one.</summary>
    /// <exception cref="CliException">It does not run, or has no address.</exception>
    public static async Task<(SshTarget Target, string? Key)> FindAsync(Invocation invocation, Snapshot snapshot, Workload machine, string? user, bool withKey)
    {
        await using var machines = invocation.Composition.OpenMachines(machine.ProviderInputs(snapshot));
        var status = await MachineLook.DemandRunningAsync(machines, machine, invocation.Token);
        var address = MachineLook.AddressOf(status, machine.State.Outputs) ?? throw new CliException(ExitCode.Resource, CliDiagnostics.NoAddress(machine.Name));
        var target = new SshTarget(machine.Name, address, user ?? WorkloadWords.Text(machine, "__user"), IsPrivate(snapshot, machine));
        var key = withKey ? StackKey.Of(snapshot, machine) : null;
        return (target, key is null ? null : StackKey.Reveal(key));
    }

    /// <summary>Runs ssh on our own streams and terminal, and returns its exit code: the command's, or 255 where it could not connect.</summary>
    public static async Task<int> RunAsync(
        Invocation invocation, SshTarget target, string? key, bool terminal, IReadOnlyList<string> more, IReadOnlyList<string> command)
    {
        var program = Programs.Find(invocation.Io, "ssh", "openssh-client");
        await using var agent = key is null ? null : await SshAgent.StartAsync(invocation.Io, key, KeyLife, invocation.Token);
        return await invocation.Io.RunProgram(new ProcessStartInfo(program, SshLine.Of(target, agent?.Socket, terminal, more, command)), invocation.Token);
    }

    /// <summary>Whether all of the machine's networks are the hypervisor's own.</summary>
    private static bool IsPrivate(Snapshot snapshot, Workload machine)
    {
        var modes = snapshot.Resources.Where(state => state.Type == Network && !state.Delete)
            .ToLookup(state => TextOf(state.Outputs, "name") ?? TextOf(state.Inputs, "name") ?? state.Urn.Name, state => TextOf(state.Inputs, "mode") ?? "nat", StringComparer.Ordinal);
        var networks = (machine.State.Inputs.Find("networkInterfaces") as PropertyValue.List)?.Items ?? [];
        return networks.Length > 0 && networks.All(nic =>
            nic is PropertyValue.Map { Properties: var properties }
            && TextOf(properties, "networkName") is { } name
            && modes[name].Any() && modes[name].All(PrivateModes.Contains));
    }

    private static string? TextOf(PropertyMap map, string key) => (map.Find(key) as PropertyValue.String)?.Value;
}
