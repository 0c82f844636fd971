using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>Who is connected to a network.</summary>
internal static class NetworkEndpoints
{
    /// <summary>
    /// Takes endpoints off whose container is gone: a daemon that was killed leaves such, and nothing else ever removes them.
    /// Containers that exist are left alone; their own step removes them.
    /// </summary>
    public static async Task DisconnectStaleAsync(DockerConnection docker, string id, CancellationToken cancellationToken)
    {
        var network = await InspectAsync(docker, id, cancellationToken);
        if (network.Containers is not { Count: > 0 } endpoints)
        {
            return;
        }

        var existing = (await ListAsync(docker, endpoints.Keys, cancellationToken)).Select(container => container.ID).ToHashSet(StringComparer.Ordinal);
        foreach (var (container, endpoint) in endpoints)
        {
            if (!existing.Contains(container))
            {
                await docker.ChangeAsync(
                    $"disconnect the leftover endpoint '{endpoint.Name}'",
                    (client, token) => client.Networks.DisconnectNetworkAsync(
                        id, new NetworkDisconnectParameters { Container = endpoint.Name is { Length: > 0 } name ? name : container, Force = true }, token),
                    cancellationToken);
            }
        }
    }

    /// <summary>Who holds the network, to follow "it is".</summary>
    public static async Task<string> HoldersAsync(DockerConnection docker, string id, CancellationToken cancellationToken)
    {
        try
        {
            var network = await InspectAsync(docker, id, cancellationToken);
            var containers = await ListAsync(docker, network.Containers?.Keys ?? [], cancellationToken);
            return containers.Count > 0 ? $"used by {string.Join(", ", containers.Select(ContainerNames.Describe))}" : "";
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return "";
        }
    }

    private static Task<NetworkResponse> InspectAsync(DockerConnection docker, string id, CancellationToken cancellationToken) =>
        docker.AskAsync($"inspect network '{ContainerNames.Short(id)}'", (client, token) => client.Networks.InspectNetworkAsync(id, token), cancellationToken);

    private static async Task<IList<ContainerListResponse>> ListAsync(DockerConnection docker, ICollection<string> ids, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? []
            : await docker.AskAsync(
                "list the containers on a network",
                (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Filter.Of("id", ids) }, token),
                cancellationToken);
}
