using Docker.DotNet.Models;

namespace Provision.Providers.Docker;

/// <summary>One container as the daemon describes it, with what a description always has.</summary>
internal sealed record InspectedContainer(
    string ID, string Name, string Image, string? Platform, State State, ContainerConfig Config, HostConfig HostConfig, NetworkSettings? NetworkSettings)
{
    /// <summary>Inspects it, by id or name.</summary>
    public static async Task<InspectedContainer> AskAsync(DockerConnection docker, string id, CancellationToken cancellationToken)
    {
        var answer = await docker.AskAsync(
            $"inspect container '{ContainerNames.Short(id)}'", (client, token) => client.Containers.InspectContainerAsync(id, token), cancellationToken);
        return Of(answer);
    }

    public static InspectedContainer Of(ContainerInspectResponse answer) =>
        new(
            answer.ID ?? "", (answer.Name ?? "").TrimStart('/'), answer.Image ?? "", answer.Platform, answer.State ?? new State(), answer.Config ?? new ContainerConfig(),
            answer.HostConfig ?? new HostConfig(), answer.NetworkSettings);
}
