using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>Puts a container that was just made on its networks, before it starts.</summary>
internal static class ContainerNetworks
{
    public static async Task SetUpAsync(DockerConnection docker, string id, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var program = new InputReader(inputs);
        var endpoints = ContainerBody.Endpoints(program);
        if (endpoints.Count == 0)
        {
            return;
        }

        // Whoever names networks does not want the default one too. Created with any other mode, it is not on it.
        var mode = Canonical.NetworkMode(program.Text("networkMode") ?? "bridge");
        if (mode == "bridge" && !endpoints.ContainsKey("bridge"))
        {
            await DisconnectAsync(docker, id, "bridge", cancellationToken);
        }

        if (ContainerBody.ConnectsAtCreate(await docker.ApiAsync(cancellationToken)))
        {
            return;
        }

        foreach (var (network, endpoint) in endpoints)
        {
            if (network == mode)
            {
                // It is on it by its mode, but without the aliases and addresses the program gives.
                await DisconnectAsync(docker, id, network, cancellationToken);
            }

            await ConnectAsync(docker, id, network, endpoint, cancellationToken);
        }
    }

    public static Task ConnectAsync(DockerConnection docker, string id, string network, EndpointSettings endpoint, CancellationToken cancellationToken) =>
        docker.ChangeAsync(
            $"connect container '{ContainerNames.Short(id)}' to network '{network}'",
            (client, token) => client.Networks.ConnectNetworkAsync(network, new NetworkConnectParameters { Container = id, EndpointConfig = endpoint }, token),
            cancellationToken);

    private static async Task DisconnectAsync(DockerConnection docker, string id, string network, CancellationToken cancellationToken)
    {
        try
        {
            await docker.ChangeAsync(
                $"take container '{ContainerNames.Short(id)}' off network '{network}'",
                (client, token) => client.Networks.DisconnectNetworkAsync(network, new NetworkDisconnectParameters { Container = id, Force = true }, token),
                cancellationToken);
        }
        catch (ProviderException failure) when (failure.IsNotFound() || failure.Says("is not connected"))
        {
            // A daemon without a default bridge, or one that did not connect it: as wanted.
        }
    }
}
