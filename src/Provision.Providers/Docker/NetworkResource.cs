using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary><c>docker:index/network:Network</c>. Its id is the daemon's.</summary>
internal sealed class NetworkResource(TimeProvider clock) : IDockerResource
{
    public string Type => "docker:index/network:Network";

    public DockerCost CostOf(string operation) => DockerCost.ApiCall;

    public CheckResponse Check(CheckRequest request)
    {
        var inputs = PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn);
        return new CheckResponse(inputs, [.. InputChecks.Check(NetworkTable.Table, inputs)]);
    }

    /// <summary>Two networks can hold neither one name nor one subnet, so the old one always goes first.</summary>
    public DiffResponse Diff(DiffRequest request) =>
        new() { Changes = InputDiff.Compare(NetworkTable.Table, request), DeleteBeforeReplace = true, Stables = ["scope"] };

    public async Task<CreateResponse> CreateAsync(DockerConnection docker, CreateRequest request, CancellationToken cancellationToken)
    {
        var body = NetworkShape.Body(request.Inputs, PhysicalName.Of(request.Urn));

        // Before API 1.44 a daemon makes a second network of the same name without a word.
        if (await FindByNameAsync(docker, body.Name, cancellationToken) is { } there)
        {
            if (!Stamp.IsOurs(there.Labels, request.Inputs))
            {
                throw new ProviderException(
                    ProviderFailure.Conflict, $"Cannot create network '{body.Name}': there is one of that name, and it is {Stamp.OwnerOf(there.Labels)}.",
                    "Remove it ('docker network rm'), or give this network another name.", Remainder.Untouched.Value);
            }

            await RemoveAsync(docker, there.ID, new GoneWait(docker, clock, GoneWait.DefaultLimit, request.Progress), cancellationToken);
        }

        NetworksCreateResponse made;
        try
        {
            made = await docker.ChangeAsync($"create network '{body.Name}'", (client, token) => client.Networks.CreateNetworkAsync(body, token), cancellationToken);
        }
        catch (ProviderException failure) when (failure.Says("overlap"))
        {
            throw await OverlapAsync(docker, body, failure, cancellationToken);
        }

        var network = await docker.AskAsync($"inspect network '{body.Name}'", (client, token) => client.Networks.InspectNetworkAsync(made.ID, token), cancellationToken);
        return new CreateResponse(network.ID, NetworkShape.Outputs(network, request.Inputs));
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(DockerConnection docker, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        // The list holds the same fields as an inspect, but for who is connected.
        var byId = (await ListAsync(docker, cancellationToken)).ToDictionary(network => network.ID, StringComparer.Ordinal);
        return [.. requests.Select(request => byId.TryGetValue(request.Id, out var network) ? Found(network, request) : (ReadResponse)ReadResponse.Gone.Value)];
    }

    public async Task<FindResponse?> FindAsync(DockerConnection docker, FindRequest request, CancellationToken cancellationToken)
    {
        var name = new InputReader(request.Inputs).Text("name") ?? PhysicalName.Of(request.Urn);
        return await FindByNameAsync(docker, name, cancellationToken) is { } network && Stamp.IsOurs(network.Labels, request.Inputs)
            ? new FindResponse(network.ID, NetworkShape.Outputs(network, request.Inputs), Complete: true)
            : null;
    }

    /// <summary>Nothing of a network can be changed, so an update only records.</summary>
    public async Task<UpdateResponse> UpdateAsync(DockerConnection docker, UpdateRequest request, CancellationToken cancellationToken)
    {
        var network = await docker.AskAsync(
            $"inspect network '{ContainerNames.Short(request.Id)}'", (client, token) => client.Networks.InspectNetworkAsync(request.Id, token), cancellationToken);
        return new UpdateResponse(NetworkShape.Outputs(network, request.NewInputs));
    }

    public Task DeleteAsync(DockerConnection docker, DeleteRequest request, CancellationToken cancellationToken) =>
        RemoveAsync(docker, request.Id, new GoneWait(docker, clock, request.Timeout ?? GoneWait.DefaultLimit, request.Progress), cancellationToken);

    private static Task RemoveAsync(DockerConnection docker, string id, GoneWait wait, CancellationToken cancellationToken) =>
        wait.RemoveAsync(
            $"network '{ContainerNames.Short(id)}'",
            async token =>
            {
                await NetworkEndpoints.DisconnectStaleAsync(docker, id, token);
                await docker.ChangeAsync($"remove network '{ContainerNames.Short(id)}'", (client, inner) => client.Networks.DeleteNetworkAsync(id, inner), token);
            },
            failure => failure.Says("active endpoints", "in use"),
            token => NetworkEndpoints.HoldersAsync(docker, id, token),
            "Disconnect or remove what is named there ('docker network disconnect').",
            cancellationToken);

    private static Task<IList<NetworkResponse>> ListAsync(DockerConnection docker, CancellationToken cancellationToken) =>
        docker.AskAsync("list the networks", (client, token) => client.Networks.ListNetworksAsync(new NetworksListParameters(), token), cancellationToken);

    private static async Task<NetworkResponse?> FindByNameAsync(DockerConnection docker, string name, CancellationToken cancellationToken) =>
        (await ListAsync(docker, cancellationToken)).FirstOrDefault(network => network.Name == name);

    private static async Task<ProviderException> OverlapAsync(
        DockerConnection docker, NetworksCreateParameters body, ProviderException failure, CancellationToken cancellationToken)
    {
        var wanted = (body.IPAM?.Config ?? []).Select(config => config.Subnet).OfType<string>().ToArray();
        var holder = (await ListAsync(docker, cancellationToken)).FirstOrDefault(network =>
            (network.IPAM?.Config ?? []).Any(config => wanted.Any(subnet => Subnets.Overlap(subnet, config.Subnet))));
        return new ProviderException(
            ProviderFailure.Conflict,
            holder is null
                ? $"Cannot create network '{body.Name}': its subnet {string.Join(", ", wanted)} overlaps one that is in use on that host, outside of Docker's networks."
                : $"Cannot create network '{body.Name}': its subnet {string.Join(", ", wanted)} overlaps network '{holder.Name}' ({string.Join(", ", holder.IPAM.Config.Select(config => config.Subnet))}), which is {Stamp.OwnerOf(holder.Labels)}.",
            "Choose another subnet, or remove the network that holds this one.", Remainder.Untouched.Value, failure.InnerException);
    }

    private static ReadResponse.Found Found(NetworkResponse network, ReadRequest request)
    {
        if (request.Inputs.Count > 0)
        {
            return new ReadResponse.Found(network.ID, NetworkShape.Outputs(network, request.Inputs));
        }

        var inputs = OutputShape.Inputs(NetworkTable.Table, NetworkShape.Seen(network));
        return new ReadResponse.Found(network.ID, NetworkShape.Outputs(network, inputs), inputs);
    }
}
