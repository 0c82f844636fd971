using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Docker;

/// <summary>The end of what a container wrote, for messages and for the <c>containerLogs</c> output.</summary>
internal static class ContainerLogs
{
    public static async Task<string> ReadAsync(DockerConnection docker, string id, string tail, CancellationToken cancellationToken)
    {
        var (output, errors) = await docker.AskAsync(
            $"read the logs of container '{ContainerNames.Short(id)}'",
            async (client, token) =>
            {
                using var stream = await client.Containers.GetContainerLogsAsync(
                    id, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = tail }, token);
                return await stream.ReadOutputToEndAsync(token);
            },
            cancellationToken);
        return output + errors;
    }

    /// <summary>The last ten lines to follow a message, without the program's secrets; empty where there are none or they cannot be had.</summary>
    public static async Task<string> LastLinesAsync(DockerConnection docker, string id, PropertyMap inputs, CancellationToken cancellationToken)
    {
        try
        {
            var text = SecretText.Redact((await ReadAsync(docker, id, "10", cancellationToken)).Trim(), inputs);
            return text.Length > 0 ? $" Its last lines:\n{text}" : " It wrote nothing.";
        }
        catch (ProviderException)
        {
            // Some log drivers cannot be read. The failure itself is what matters.
            return "";
        }
    }
}
