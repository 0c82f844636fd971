using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary><c>docker:index/volume:Volume</c>. Its id is its name.</summary>
internal sealed class VolumeResource(TimeProvider clock) : IDockerResource
{
    public string Type => "docker:index/volume:Volume";

    public DockerCost CostOf(string operation) => DockerCost.ApiCall;

    public CheckResponse Check(CheckRequest request)
    {
        var inputs = PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn);
        var failures = InputChecks.Check(VolumeTable.Table, inputs);
        if (Values.Plain(inputs.Find("cluster")) is not null)
        {
            failures.Add(new CheckFailure(
                PropertyPath.Of("cluster"), "cluster volumes need a swarm, and this provider manages single daemons", "Use a volume driver with driverOpts instead."));
        }

        return new CheckResponse(inputs, [.. failures]);
    }

    public DiffResponse Diff(DiffRequest request)
    {
        var changes = InputDiff.Compare(VolumeTable.Table, request);
        return new DiffResponse { Changes = changes, DeleteBeforeReplace = !changes.Any(change => change.Path.Top == "name"), Stables = ["mountpoint", "name"] };
    }

    public async Task<CreateResponse> CreateAsync(DockerConnection docker, CreateRequest request, CancellationToken cancellationToken)
    {
        var inputs = new InputReader(request.Inputs);
        var name = inputs.Text("name") ?? PhysicalName.Of(request.Urn);

        // The daemon answers "created" for a name it has already, with the volume that is there: look first, or a foreign one would become ours.
        if (await InspectAsync(docker, name, cancellationToken) is { } there)
        {
            return Stamp.IsOurs(there.Labels, request.Inputs)
                ? new CreateResponse(there.Name, Outputs(there, request.Inputs))
                : throw new ProviderException(
                    ProviderFailure.Conflict, $"Cannot create volume '{name}': there is one of that name, and it is {Stamp.OwnerOf(there.Labels)}.",
                    "Remove or rename it ('docker volume rm' deletes its data), or give this volume another name.", Remainder.Untouched.Value);
        }

        var made = await docker.ChangeAsync(
            $"create volume '{name}'",
            (client, token) => client.Volumes.CreateAsync(
                new VolumesCreateParameters { Name = name, Driver = inputs.Text("driver") ?? "", DriverOpts = inputs.TextMap("driverOpts"), Labels = inputs.Labels() }, token),
            cancellationToken);
        return new CreateResponse(made.Name, Outputs(made, request.Inputs));
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(DockerConnection docker, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var list = await docker.AskAsync("list the volumes", (client, token) => client.Volumes.ListAsync(token), cancellationToken);
        var byName = (list.Volumes ?? []).ToDictionary(volume => volume.Name, StringComparer.Ordinal);
        return [.. requests.Select(request => byName.TryGetValue(request.Id, out var volume) ? Found(volume, request) : (ReadResponse)ReadResponse.Gone.Value)];
    }

    public async Task<FindResponse?> FindAsync(DockerConnection docker, FindRequest request, CancellationToken cancellationToken)
    {
        var name = new InputReader(request.Inputs).Text("name") ?? PhysicalName.Of(request.Urn);
        return await InspectAsync(docker, name, cancellationToken) is { } volume && Stamp.IsOurs(volume.Labels, request.Inputs)
            ? new FindResponse(volume.Name, Outputs(volume, request.Inputs), Complete: true)
            : null;
    }

    /// <summary>Nothing of a volume can be changed, so an update only records.</summary>
    public async Task<UpdateResponse> UpdateAsync(DockerConnection docker, UpdateRequest request, CancellationToken cancellationToken)
    {
        var volume = await docker.AskAsync($"inspect volume '{request.Id}'", (client, token) => client.Volumes.InspectAsync(request.Id, token), cancellationToken);
        return new UpdateResponse(Outputs(volume, request.NewInputs));
    }

    public async Task DeleteAsync(DockerConnection docker, DeleteRequest request, CancellationToken cancellationToken)
    {
        var wait = new GoneWait(docker, clock, request.Timeout ?? GoneWait.DefaultLimit, request.Progress);
        await wait.RemoveAsync(
            $"volume '{request.Id}'",
            token => docker.ChangeAsync($"remove volume '{request.Id}'", (client, inner) => client.Volumes.RemoveAsync(request.Id, false, inner), token),
            failure => failure.IsConflict() && failure.Says("in use"),
            async token => await HoldersAsync(docker, request.Id, token) is { Count: > 0 } holders ? $"used by {string.Join(", ", holders)}" : "",
            "Remove the container that uses it, or let this stack do so by declaring it here.",
            cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> HoldersAsync(DockerConnection docker, string name, CancellationToken cancellationToken)
    {
        var users = await docker.AskAsync(
            "list the containers that use a volume",
            (client, token) => client.Containers.ListContainersAsync(
                new ContainersListParameters { All = true, Filters = Filter.Of("volume", name) }, token),
            cancellationToken);
        return [.. users.Select(ContainerNames.Describe)];
    }

    private static async Task<VolumeResponse?> InspectAsync(DockerConnection docker, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await docker.AskAsync($"inspect volume '{name}'", (client, token) => client.Volumes.InspectAsync(name, token), cancellationToken);
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return null;
        }
    }

    private static ReadResponse.Found Found(VolumeResponse volume, ReadRequest request)
    {
        if (request.Inputs.Count > 0)
        {
            return new ReadResponse.Found(volume.Name, Outputs(volume, request.Inputs));
        }

        var inputs = OutputShape.Inputs(VolumeTable.Table, Seen(volume));
        return new ReadResponse.Found(volume.Name, Outputs(volume, inputs), inputs);
    }

    private static PropertyMap Outputs(VolumeResponse volume, PropertyMap inputs) =>
        OutputShape.Compose(VolumeTable.Table, inputs, Seen(volume))
            .Merge(PropertyMap.Of(("id", volume.Name), ("mountpoint", volume.Mountpoint ?? ""), (DockerMeta.Key, DockerMeta.Of(schemaVersion: 1, timeouts: false))));

    private static PropertyMap Seen(VolumeResponse volume) =>
        PropertyMap.Of(
            ("name", volume.Name),
            ("driver", volume.Driver),
            ("driverOpts", Shape.Map(volume.Options)),
            ("labels", Shape.Labels(volume.Labels)));
}
