using System.Collections.Immutable;
using Provision.Cli.Rendering;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Providers.Docker;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Workloads;

/// <summary>A look at machines and containers: all daemons at once, each with a few calls for all that is there, and none waited for long.</summary>
internal static class StackLook
{
    /// <summary>A daemon that is there answers at once.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>How each was seen, and a word about each daemon that does not answer.</summary>
    public static async Task<(ImmutableDictionary<Workload, WorkloadLook> Looks, ImmutableArray<Diagnostic> Silent)> ReadAsync(
        Invocation invocation, WorkloadReach reach, IEnumerable<Workload> workloads)
    {
        var groups = await Task.WhenAll(workloads
            .GroupBy(workload => (workload.Kind, workload.State.Provider?.Urn))
            .Select(group => GroupAsync(invocation, reach, [.. group])));
        return (groups.SelectMany(group => group.Looks).ToImmutableDictionary(), [.. groups.Select(group => group.Silent).OfType<Diagnostic>()]);
    }

    private static async Task<(IEnumerable<KeyValuePair<Workload, WorkloadLook>> Looks, Diagnostic? Silent)> GroupAsync(
        Invocation invocation, WorkloadReach reach, Workload[] group)
    {
        using var limit = new CancellationTokenSource(Limit, invocation.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, invocation.Token);
        var endpoint = group[0].State.Provider?.Urn.Name ?? "";
        string[] ids = [.. group.Select(workload => workload.Id)];
        try
        {
            if (group[0].Kind == WorkloadKind.Machine)
            {
                var machines = reach.Machines(group[0]);
                endpoint = machines.Endpoint;
                var seen = await machines.StatusesAsync(ids, either.Token).WaitAsync(either.Token);
                var now = invocation.Clock.GetUtcNow();
                return (group.Select(one => KeyValuePair.Create(one, Of(one, seen.GetValueOrDefault(one.Id), now))), null);
            }

            var docker = reach.Docker(group[0]);
            endpoint = docker.Endpoint;
            var found = await docker.StatusesAsync(ids, either.Token).WaitAsync(either.Token);
            return (group.Select(one => KeyValuePair.Create(one, Of(one, found.GetValueOrDefault(one.Id)))), null);
        }
        catch (ProviderException failure)
        {
            return (Unreachable(group), CliDiagnostics.EndpointSilent(endpoint, failure.Message));
        }
        catch (OperationCanceledException) when (!invocation.Token.IsCancellationRequested)
        {
            return (Unreachable(group), CliDiagnostics.EndpointSilent(endpoint, $"no answer within {Limit.TotalSeconds:0} s."));
        }
    }

    private static IEnumerable<KeyValuePair<Workload, WorkloadLook>> Unreachable(Workload[] group) =>
        group.Select(one => KeyValuePair.Create(one, new WorkloadLook(SeenState.Unreachable, "unreachable", "", "", null)));

    private static WorkloadLook Gone(Workload workload) => new(SeenState.Gone, "gone", "", "", null);

    private static WorkloadLook Of(Workload machine, MachineStatus? status, DateTimeOffset now)
    {
        if (status is null)
        {
            return Gone(machine);
        }

        var state = status.Power switch
        {
            MachinePower.Running => SeenState.Running,
            MachinePower.Paused => SeenState.Paused,
            _ => SeenState.Off,
        };

        // A recorded address is not where a machine that is off can be reached.
        var address = state == SeenState.Running ? MachineLook.AddressOf(status, machine.State.Outputs) : null;
        var uptime = state == SeenState.Running && status.StartedAt is { } start ? DurationText.Age(now - start) : "";
        return new WorkloadLook(state, MachineLook.Word(status.Power), address ?? "", uptime, state == SeenState.Running ? status.StartedAt : null);
    }

    /// <summary>The daemon's sentence, <c>Up 3 minutes (healthy)</c>, holds the uptime and the health.</summary>
    private static WorkloadLook Of(Workload container, DockerContainerStatus? status)
    {
        if (status is null)
        {
            return Gone(container);
        }

        var state = status.State switch
        {
            "running" => SeenState.Running,
            "paused" => SeenState.Paused,
            _ => SeenState.Off,
        };
        var bracket = status.Detail.IndexOf(" (", StringComparison.Ordinal);
        var isUp = status.Detail.StartsWith("Up ", StringComparison.Ordinal);
        var uptime = isUp ? status.Detail[3..(bracket > 3 ? bracket : status.Detail.Length)] : "";
        var health = isUp && state == SeenState.Running && bracket > 3 ? $" {status.Detail[(bracket + 1)..]}" : "";
        return new WorkloadLook(state, status.State + health, status.Address, uptime, null);
    }
}
