using System.Collections.Immutable;
using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Docker;

/// <summary>What a person wants of a daemon beside resources: logs, a shell, what is ours there, whether it answers. Opened by a docker provider resource's inputs.</summary>
public sealed class DockerAccess : IAsyncDisposable
{
    private readonly DockerConnection _docker;

    private DockerAccess(DockerConnection docker) => _docker = docker;

    /// <summary>The daemon's URL, for messages.</summary>
    public string Endpoint => _docker.Endpoint.Name;

    /// <summary>Connects to nothing yet.</summary>
    /// <exception cref="ProviderException">The inputs name no daemon that can be spoken to.</exception>
    public static DockerAccess Open(PropertyMap providerInputs) => new(DockerProviderFactory.Connect(providerInputs));

    /// <summary>Version and kind of the daemon, which proves that it answers.</summary>
    public async Task<DockerDaemon> DescribeAsync(CancellationToken cancellationToken)
    {
        var version = await _docker.AskAsync("ask for its version", (client, token) => client.System.GetVersionAsync(token), cancellationToken);
        return new DockerDaemon(version.Version ?? "", version.APIVersion ?? "", version.Os ?? "", version.Arch ?? "", version.KernelVersion ?? "");
    }

    /// <summary>Everything there that carries our stamp: of a stack, of a project's stacks (no stack given), or of anybody (neither given).</summary>
    public async Task<ImmutableArray<DockerObject>> ListStampedAsync(string? project, string? stack, CancellationToken cancellationToken)
    {
        var labels = new[] { project is null ? Stamp.Project : $"{Stamp.Project}={project}", stack is null ? Stamp.Stack : $"{Stamp.Stack}={stack}" };
        var containers = _docker.AskAsync(
            "list the containers",
            (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Filter.Of("label", labels) }, token), cancellationToken);
        var networks = _docker.AskAsync(
            "list the networks", (client, token) => client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = Filter.Of("label", labels) }, token), cancellationToken);
        var volumes = _docker.AskAsync(
            "list the volumes", (client, token) => client.Volumes.ListAsync(new VolumesListParameters { Filters = Filter.Of("label", labels) }, token), cancellationToken);
        return
        [
            .. (await containers).Select(one => DockerObject.Of(DockerObjectKind.Container, one.ID ?? "", ContainerNames.NameOf(one), one.State ?? "", one.Labels)),
            .. (await networks).Select(one => DockerObject.Of(DockerObjectKind.Network, one.ID ?? "", one.Name ?? "", "", one.Labels)),
            .. ((await volumes).Volumes ?? []).Select(one => DockerObject.Of(DockerObjectKind.Volume, one.Name ?? "", one.Name ?? "", "", one.Labels)),
        ];
    }

    /// <summary>Writes a container's logs as they come, standard output and standard error apart; with follow, until it ends or the token fires.</summary>
    public Task LogsAsync(string container, DockerLogOptions options, Stream output, Stream errors, CancellationToken cancellationToken) =>
        _docker.AskAsync(
            $"read the logs of container '{container}'",
            async (client, token) =>
            {
                using var stream = await client.Containers.GetContainerLogsAsync(container, options.Parameters(), token);
                await stream.CopyOutputToAsync(Stream.Null, output, errors, token);
                return true;
            },
            cancellationToken);

    /// <summary>Starts a program in a running container. Dispose it to hang up.</summary>
    public async Task<DockerExec> ExecAsync(string container, DockerExecOptions options, CancellationToken cancellationToken)
    {
        var made = await _docker.ChangeAsync(
            $"prepare a program in container '{container}'",
            (client, token) => client.Exec.CreateContainerExecAsync(container, options.Create(), token), cancellationToken);
        var stream = await _docker.ChangeAsync(
            $"start a program in container '{container}'",
            (client, token) => client.Exec.StartContainerExecAsync(made.ID, options.Start(), token), cancellationToken);
        return new DockerExec(_docker, made.ID, container, options.Terminal, stream);
    }

    /// <summary>How containers are, in one call for all of them; those that are gone are left out.</summary>
    public async Task<ImmutableDictionary<string, DockerContainerStatus>> StatusesAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken)
    {
        var wanted = containers.ToHashSet(StringComparer.Ordinal);

        // All of them, not a filter of ids: a few hundred ids are more than an address may be long at some daemons.
        var all = await _docker.AskAsync(
            "list the containers", (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken);
        return all.Where(one => one.ID is { } id && wanted.Contains(id)).Select(DockerContainerStatus.Of).ToImmutableDictionary(one => one.Id, StringComparer.Ordinal);
    }

    /// <summary>Starts a container, or lets a paused one go on. One that runs stays as it is.</summary>
    public async Task StartAsync(string container, CancellationToken cancellationToken)
    {
        var what = $"container '{ContainerNames.Short(container)}'";
        var seen = await InspectedContainer.AskAsync(_docker, container, cancellationToken);
        if (seen.State.Paused)
        {
            await _docker.ChangeAsync($"let {what} go on", (client, token) => client.Containers.UnpauseContainerAsync(container, token), cancellationToken);
        }
        else
        {
            await _docker.ChangeAsync(
                $"start {what}", (client, token) => client.Containers.StartContainerAsync(container, new ContainerStartParameters(), token), cancellationToken);
        }
    }

    /// <summary>Stops a container: asks it to end and kills it after the limit; without one, after the container's own. One that is off stays off.</summary>
    public Task StopAsync(string container, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var stop = new ContainerStopParameters();
        if (limit is { } time)
        {
            stop.WaitBeforeKillSeconds = (uint)Math.Ceiling(time.TotalSeconds);
        }

        return _docker.ChangeAsync(
            $"stop container '{ContainerNames.Short(container)}'", (client, token) => client.Containers.StopContainerAsync(container, stop, token), cancellationToken);
    }

    public ValueTask DisposeAsync() => _docker.DisposeAsync();
}
