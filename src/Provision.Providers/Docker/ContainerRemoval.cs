using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>Stops a container and removes it, and is back when it is gone. One that is gone already is success.</summary>
internal static class ContainerRemoval
{
    public static async Task RunAsync(
        DockerConnection docker, TimeProvider clock, string id, PropertyMap inputs, TimeSpan? limit, IStepProgress progress, CancellationToken cancellationToken)
    {
        var program = new InputReader(inputs);
        var what = $"container '{program.Text("name") ?? ContainerNames.Short(id)}'";
        try
        {
            progress.Report("stopping");
            await docker.ChangeAsync(
                $"stop {what}",
                (client, token) => client.Containers.StopContainerAsync(id, StopOf(program), token),
                cancellationToken);
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return;
        }
        catch (ProviderException failure) when (failure.IsConflict() || failure.Says("is dead", "marked for removal", "is restarting"))
        {
            // It cannot be stopped any more, or somebody removes it right now. The removal below says the rest.
        }

        progress.Report("removing");
        var wait = new GoneWait(docker, clock, limit ?? GoneWait.DefaultLimit, progress);
        await wait.RemoveAsync(
            what, token => RemoveAsync(docker, id, what, program.Flag("removeVolumes") ?? true, token),
            failure => failure.IsConflict() && failure.Says("in progress"), _ => Task.FromResult("being removed by the daemon"),
            "See the daemon's log: it has begun to remove it and does not end.", cancellationToken);
    }

    public static Task RemoveAsync(DockerConnection docker, string id, string what, bool volumes, CancellationToken cancellationToken) =>
        docker.ChangeAsync(
            $"remove {what}",
            (client, token) => client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = volumes }, token),
            cancellationToken);

    /// <summary>Without a grace of the program's the daemon uses the container's own (stopTimeout), else its ten seconds. Never none at all.</summary>
    private static ContainerStopParameters StopOf(InputReader program)
    {
        var stop = new ContainerStopParameters();
        if (program.Integer("destroyGraceSeconds") is { } seconds and >= 0)
        {
            stop.WaitBeforeKillSeconds = (uint)seconds;
        }

        return stop;
    }
}
