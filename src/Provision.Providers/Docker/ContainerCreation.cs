using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>
/// The create call and the two things that may stand in its way: a missing image, and a container of that name.
/// </summary>
internal sealed class ContainerCreation(DockerConnection docker, CreateRequest request)
{
    /// <summary>The new container's id.</summary>
    public async Task<string> RunAsync(string name, CreateContainerParameters body, CancellationToken cancellationToken)
    {
        try
        {
            return await CreateAsync(body, cancellationToken);
        }
        catch (ProviderException failure) when (failure.IsConflict() && failure.Says("already in use"))
        {
            await MakeRoomAsync(name, failure, cancellationToken);
        }
        catch (ProviderException failure) when (failure.IsNotFound() && failure.Says("no such image"))
        {
            await PullAsync(body, failure, cancellationToken);
        }

        return await CreateAsync(body, cancellationToken);
    }

    private async Task<string> CreateAsync(CreateContainerParameters body, CancellationToken cancellationToken)
    {
        var made = await docker.ChangeAsync(
            $"create container '{body.Name}'", (client, token) => client.Containers.CreateContainerAsync(body, token), cancellationToken);
        return made.ID;
    }

    /// <summary>Removes what an interrupted run of this very resource left; anybody else's stays, and is named.</summary>
    private async Task MakeRoomAsync(string name, ProviderException failure, CancellationToken cancellationToken)
    {
        InspectedContainer holder;
        try
        {
            holder = await InspectedContainer.AskAsync(docker, name, cancellationToken);
        }
        catch (ProviderException gone) when (gone.IsNotFound())
        {
            return;
        }

        if (!Stamp.IsOurs(holder.Config.Labels, request.Inputs))
        {
            throw new ProviderException(
                ProviderFailure.Conflict,
                $"Cannot create container '{name}': container {ContainerNames.Short(holder.ID)} ({holder.State.Status}) has that name, and it is {Stamp.OwnerOf(holder.Config.Labels)}.",
                $"Remove or rename it ('docker rename {name} …'), or give this container another name.", Remainder.Untouched.Value, failure.InnerException);
        }

        request.Progress.Report("removing what an interrupted run left");
        await ContainerRemoval.RemoveAsync(docker, holder.ID, $"container '{name}' of an interrupted run", volumes: false, cancellationToken);
    }

    /// <summary>
    /// Pulls what any daemon may pull without credentials. Declaring the image is the better way: it is then pulled once, with credentials, and seen in the plan.
    /// </summary>
    private async Task PullAsync(CreateContainerParameters body, ProviderException failure, CancellationToken cancellationToken)
    {
        var reference = Schema.Canonical.Image(body.Image ?? "");
        if (reference is null || !reference.Contains('/', StringComparison.Ordinal))
        {
            throw Missing(body, failure);
        }

        request.Progress.Report($"pulling {body.Image}");
        var at = reference.LastIndexOf(':') is var colon && colon > reference.LastIndexOf('/') && !reference.Contains('@', StringComparison.Ordinal) ? colon : -1;
        var pull = new ImagesCreateParameters { FromImage = at < 0 ? reference : reference[..at], Tag = at < 0 ? "" : reference[(at + 1)..], Platform = body.Platform };
        var progress = new PullProgress(request.Progress);
        try
        {
            await docker.ChangeAsync(
                $"pull image '{body.Image}'",
                (client, token) => client.Images.CreateImageAsync(pull, new AuthConfig(), progress, token), cancellationToken);
        }
        catch (ProviderException refused)
        {
            throw new ProviderException(
                refused.Failure, $"Cannot create container '{body.Name}': the daemon does not have its image, and: {refused.Message}",
                "Declare the image as a resource of its own (with the registry's credentials), or pull it there by hand.", Remainder.Untouched.Value, refused.InnerException);
        }

        // A pull that fails half way has been answered "200 OK" long before; its stream says so.
        if (progress.Error is { } error)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"Cannot create container '{body.Name}': its image '{body.Image}' cannot be pulled: {error}",
                "Declare the image as a resource of its own (with the registry's credentials), or pull it there by hand.", Remainder.Untouched.Value);
        }
    }

    private static ProviderException Missing(CreateContainerParameters body, ProviderException failure) =>
        new(
            ProviderFailure.Refused, $"Cannot create container '{body.Name}': the daemon does not have the image '{body.Image}'.",
            "Declare the image as a resource of its own, so that it is pulled or built first.", Remainder.Untouched.Value, failure.InnerException);

    private sealed class PullProgress(IStepProgress progress) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            Error ??= value.Error?.Message;
            if (value.Status is { Length: > 0 } status)
            {
                progress.Report(value.ID is { Length: > 0 } layer ? $"{status} {layer}" : status);
            }
        }
    }
}
