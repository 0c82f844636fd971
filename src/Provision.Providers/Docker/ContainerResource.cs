using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary><c>docker:index/container:Container</c>. Its id is the daemon's, in full.</summary>
internal sealed class ContainerResource(TimeProvider clock) : IDockerResource
{
    private const int InspectsAtOnce = 8;

    public string Type => "docker:index/container:Container";

    public DockerCost CostOf(string operation) => operation == "read" ? DockerCost.ApiCall : DockerCost.Start;

    public CheckResponse Check(CheckRequest request) => ContainerChecks.Check(request);

    public DiffResponse Diff(DiffRequest request) => ContainerDiff.Compare(request);

    public async Task<CreateResponse> CreateAsync(DockerConnection docker, CreateRequest request, CancellationToken cancellationToken)
    {
        using var files = Uploads.Archive(request.Inputs);
        var name = new InputReader(request.Inputs).Text("name") ?? PhysicalName.Of(request.Urn);
        var body = ContainerBody.Of(request.Inputs, name, await docker.ApiAsync(cancellationToken));
        request.Progress.Report("creating");
        var id = await new ContainerCreation(docker, request).RunAsync(name, body, cancellationToken);
        try
        {
            await ContainerNetworks.SetUpAsync(docker, id, request.Inputs, cancellationToken);
            if (files is not null)
            {
                request.Progress.Report("uploading files");
                await docker.ChangeAsync(
                    $"upload files into container '{name}'",
                    (client, token) => client.Containers.ExtractArchiveToContainerAsync(id, new CopyToContainerParameters { Path = "/" }, files, token), cancellationToken);
            }

            if (new InputReader(request.Inputs).Flag("start") == false)
            {
                return new CreateResponse(id, ContainerShape.Outputs(await InspectedContainer.AskAsync(docker, id, cancellationToken), request.Inputs));
            }

            var (container, logs) = await new ContainerStart(docker, clock, request.Inputs, request.Timeout, request.Progress).RunAsync(id, name, cancellationToken);
            return new CreateResponse(id, ContainerShape.Outputs(container, request.Inputs, logs));
        }
        catch (ProviderException failure) when (failure.Remainder is not Remainder.Partial)
        {
            throw failure.Leaving(await UndoAsync(docker, id, name, request.Inputs, failure, cancellationToken));
        }
    }

    /// <summary>Takes back a container that did not come to run: nothing is left for the next run to trip over.</summary>
    private static async Task<Remainder> UndoAsync(
        DockerConnection docker, string id, string name, PropertyMap inputs, ProviderException failure, CancellationToken cancellationToken)
    {
        try
        {
            await ContainerRemoval.RemoveAsync(docker, id, $"container '{name}', which did not start", volumes: true, cancellationToken);
            return Remainder.Untouched.Value;
        }
        catch (ProviderException gone) when (gone.IsNotFound())
        {
            return Remainder.Untouched.Value;
        }
        catch (ProviderException)
        {
            return new Remainder.Partial(id, ContainerShape.Blind(id, inputs), [failure.Message]);
        }
    }

    /// <summary>One list call tells who is there; what it does not hold (limits, restart policy) is asked of each that is, several at once.</summary>
    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(DockerConnection docker, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var all = await docker.AskAsync(
            "list the containers", (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken);
        var ids = all.Select(container => container.ID).ToHashSet(StringComparer.Ordinal);
        var answers = new ReadResponse[requests.Count];
        await Parallel.ForAsync(
            0, requests.Count, new ParallelOptions { MaxDegreeOfParallelism = InspectsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => answers[i] = ids.Contains(requests[i].Id) || requests[i].Inputs.Count == 0 ? await ReadOneAsync(docker, requests[i], token) : ReadResponse.Gone.Value);
        return answers;
    }

    private static async Task<ReadResponse> ReadOneAsync(DockerConnection docker, ReadRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var container = await InspectedContainer.AskAsync(docker, request.Id, cancellationToken);
            var inputs = request.Inputs.Count > 0 ? null : ContainerShape.Inputs(container);
            var logs = Values.Plain(request.Outputs.Find("containerLogs")) is PropertyValue.String recorded ? recorded.Value : null;
            return new ReadResponse.Found(container.ID, ContainerShape.Outputs(container, inputs ?? request.Inputs, logs), inputs);
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return ReadResponse.Gone.Value;
        }
    }

    public async Task<FindResponse?> FindAsync(DockerConnection docker, FindRequest request, CancellationToken cancellationToken)
    {
        var name = new InputReader(request.Inputs).Text("name") ?? PhysicalName.Of(request.Urn);
        try
        {
            var container = await InspectedContainer.AskAsync(docker, name, cancellationToken);
            if (container.Name != name || !Stamp.IsOurs(container.Config.Labels, request.Inputs))
            {
                return null;
            }

            var complete = ContainerState.Of(container).Started || new InputReader(request.Inputs).Flag("start") == false;
            return new FindResponse(container.ID, ContainerShape.Outputs(container, request.Inputs), complete);
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return null;
        }
    }

    public async Task<UpdateResponse> UpdateAsync(DockerConnection docker, UpdateRequest request, CancellationToken cancellationToken)
    {
        var program = new InputReader(request.NewInputs);
        var name = program.Text("name") ?? ContainerNames.Short(request.Id);
        await ContainerUpdate.RunAsync(docker, request, name, cancellationToken);
        var container = await InspectedContainer.AskAsync(docker, request.Id, cancellationToken);
        string? logs = null;
        if (ContainerState.Of(container) is { Name: "paused" } && ContainerState.IsKeptUp(program))
        {
            await docker.ChangeAsync($"unpause container '{name}'", (client, token) => client.Containers.UnpauseContainerAsync(request.Id, token), cancellationToken);
            container = await InspectedContainer.AskAsync(docker, request.Id, cancellationToken);
        }
        else if (ContainerState.Of(container).IsDown(request.NewInputs))
        {
            (container, logs) = await new ContainerStart(docker, clock, request.NewInputs, request.Timeout, request.Progress).RunAsync(request.Id, name, cancellationToken);
        }

        return new UpdateResponse(ContainerShape.Outputs(container, request.NewInputs, logs));
    }

    public Task DeleteAsync(DockerConnection docker, DeleteRequest request, CancellationToken cancellationToken) =>
        ContainerRemoval.RunAsync(docker, clock, request.Id, request.Inputs, request.Timeout, request.Progress, cancellationToken);
}
