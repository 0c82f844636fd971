using Docker.DotNet.Models;

namespace Provision.Providers.Docker;

/// <summary>A container as it is right now.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name there.</param>
/// <param name="State">The daemon's word: running, exited, paused, …</param>
/// <param name="Detail">The daemon's own sentence: "Up 3 minutes (healthy)".</param>
/// <param name="Image">What it was made from.</param>
/// <param name="Address">Its first address in a network of its own daemon; empty where it has none.</param>
public sealed record DockerContainerStatus(string Id, string Name, string State, string Detail, string Image, string Address)
{
    internal static DockerContainerStatus Of(ContainerListResponse container) => new(
        container.ID ?? "",
        ContainerNames.NameOf(container),
        container.State ?? "",
        container.Status ?? "",
        container.Image ?? "",
        (container.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>())
            .OrderBy(network => network.Key, StringComparer.Ordinal)
            .Select(network => network.Value.IPAddress)
            .FirstOrDefault(address => address is { Length: > 0 }) ?? "");
}
