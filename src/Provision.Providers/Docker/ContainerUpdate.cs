using System.Collections.Immutable;
using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>The changes a daemon makes in a container as it runs.</summary>
internal static class ContainerUpdate
{
    private static readonly ImmutableHashSet<string> Sent =
        ["restart", "maxRetryCount", "cpuShares", "cpuSet", "cpus", "cpuPeriod", "cpuQuota", "memory", "memoryReservation", "memorySwap", PidsLimit.Name];

    /// <summary>The body of an update call; null where nothing in it changes. Pure. In it, zero means "leave as it is".</summary>
    public static ContainerUpdateParameters? Body(UpdateRequest request)
    {
        var changed = request.Diff.Changes.Select(change => change.Path.Top).Where(Sent.Contains).ToHashSet(StringComparer.Ordinal);
        if (changed.Count == 0)
        {
            return null;
        }

        var wanted = new InputReader(request.NewInputs);
        var body = new ContainerUpdateParameters();
        if (changed.Overlaps(["restart", "maxRetryCount"]))
        {
            body.RestartPolicy = ContainerBody.Restart(wanted);
        }

        if (changed.Contains("cpuShares"))
        {
            // 1024 is what a container has that says nothing.
            body.CPUShares = wanted.Integer("cpuShares") is > 0 and var shares ? shares : 1024;
        }

        if (changed.Contains("cpuSet"))
        {
            body.CpusetCpus = wanted.Text("cpuSet") ?? "";
        }

        if (changed.Contains("cpus"))
        {
            body.NanoCPUs = Canonical.ParseNanoCpus(wanted.Text("cpus") ?? "0") ?? 0;
        }

        if (changed.Overlaps(["cpuPeriod", "cpuQuota"]))
        {
            body.CPUPeriod = wanted.Integer("cpuPeriod") is > 0 and var period ? period : 100_000;
            body.CPUQuota = wanted.Integer("cpuQuota") is > 0 and var quota ? quota : -1;
        }

        if (changed.Contains("memoryReservation"))
        {
            body.MemoryReservation = (wanted.Integer("memoryReservation") ?? 0) * ContainerBody.MiB;
        }

        if (changed.Overlaps(["memory", "memorySwap"]))
        {
            SetMemory(wanted, body);
        }

        if (changed.Contains(PidsLimit.Name))
        {
            // Here -1 takes the limit off.
            body.PidsLimit = PidsLimit.Of(request.NewInputs) ?? -1;
        }

        return body;
    }

    /// <summary>
    /// Memory and swap always go together: a daemon refuses a memory above the swap it once doubled from the old one.
    /// </summary>
    private static void SetMemory(InputReader wanted, ContainerUpdateParameters body)
    {
        var memory = wanted.Integer("memory") ?? 0;
        body.Memory = memory * ContainerBody.MiB;
        body.MemorySwap = wanted.Integer("memorySwap") is { } swap and not 0 ? ContainerBody.Swap(swap) : 2 * memory * ContainerBody.MiB;
    }

    public static async Task RunAsync(DockerConnection docker, UpdateRequest request, string name, CancellationToken cancellationToken)
    {
        if (request.Diff.Changes.Any(change => change.Path.Top == "name") && new InputReader(request.NewInputs).Text("name") is { } wanted)
        {
            request.Progress.Report("renaming");
            await docker.ChangeAsync(
                $"rename container '{ContainerNames.Short(request.Id)}' back to '{wanted}'",
                (client, token) => client.Containers.RenameContainerAsync(request.Id, new ContainerRenameParameters { NewName = wanted }, token), cancellationToken);
        }

        if (Body(request) is { } body)
        {
            request.Progress.Report("changing limits");
            await docker.ChangeAsync(
                $"change the limits of container '{name}'",
                async (client, token) => await client.Containers.UpdateContainerAsync(request.Id, body, token), cancellationToken);
        }

        if (request.Diff.Changes.Any(change => change.Path.Top == "networksAdvanced"))
        {
            await ConnectMissingAsync(docker, request, cancellationToken);
        }
    }

    private static async Task ConnectMissingAsync(DockerConnection docker, UpdateRequest request, CancellationToken cancellationToken)
    {
        var container = await InspectedContainer.AskAsync(docker, request.Id, cancellationToken);
        foreach (var (network, endpoint) in ContainerBody.Endpoints(new InputReader(request.NewInputs)))
        {
            if (!ContainerShape.IsConnected(container, network))
            {
                request.Progress.Report($"connecting to '{network}'");
                await ContainerNetworks.ConnectAsync(docker, request.Id, network, endpoint, cancellationToken);
            }
        }
    }
}
