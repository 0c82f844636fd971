using System.Globalization;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>Starts a container and waits for what the program asks: that it is healthy (<c>wait</c>), or that it has ended (<c>attach</c>).</summary>
internal sealed partial class ContainerStart(DockerConnection docker, TimeProvider clock, PropertyMap inputs, TimeSpan? limit, IStepProgress progress)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly InputReader _program = new(inputs);

    /// <summary>Starts it and waits. A failure to start leaves it as it was; one after that is <see cref="Remainder.Partial"/>.</summary>
    /// <returns>What it looks like then, and what it wrote where <c>logs</c> asks for that.</returns>
    public async Task<(InspectedContainer Container, string? Logs)> RunAsync(string id, string name, CancellationToken cancellationToken)
    {
        progress.Report("starting");
        await StartAsync(id, name, cancellationToken);
        if (_program.Flag("attach") == true)
        {
            return await AttachAsync(id, name, cancellationToken);
        }

        var container = _program.Flag("wait") == true ? await WaitAsync(id, name, cancellationToken) : await InspectAsync(id, cancellationToken);
        if (ContainerState.Of(container) is { Name: "exited" or "dead", ExitCode: not 0 } && ContainerState.IsKeptUp(_program))
        {
            throw await EndedAsync(container, name, cancellationToken);
        }

        return (container, null);
    }

    private async Task StartAsync(string id, string name, CancellationToken cancellationToken)
    {
        try
        {
            await docker.ChangeAsync($"start container '{name}'", (client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token), cancellationToken);
        }
        catch (ProviderException failure) when (failure.Says("port is already allocated", "address already in use"))
        {
            throw await PortTakenAsync(name, failure, cancellationToken);
        }
    }

    /// <summary>
    /// <c>driver failed programming external connectivity on endpoint web (…): Bind for 0.0.0.0:8080 failed: port is already allocated</c>, or
    /// <c>… listen tcp4 0.0.0.0:8080: bind: address already in use</c> where the holder is no container.
    /// </summary>
    private async Task<ProviderException> PortTakenAsync(string name, ProviderException failure, CancellationToken cancellationToken)
    {
        var match = PortPattern().Match(failure.Message);
        if (!match.Success || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return new ProviderException(ProviderFailure.Conflict, failure.Message, "Publish another port.", Remainder.Untouched.Value, failure.InnerException);
        }

        var running = await docker.AskAsync(
            "list the running containers", (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters(), token), cancellationToken);
        var holder = running.FirstOrDefault(container => (container.Ports ?? []).Any(published => published.PublicPort == port));
        return new ProviderException(
            ProviderFailure.Conflict,
            $"Cannot start container '{name}': port {port} is taken, by {(holder is null ? "a program on that host that is no container" : ContainerNames.Describe(holder))}.",
            "Publish another port, or stop what holds this one.", Remainder.Untouched.Value, failure.InnerException);
    }

    private async Task<(InspectedContainer Container, string? Logs)> AttachAsync(string id, string name, CancellationToken cancellationToken)
    {
        progress.Report("running; waiting for its end");
        using var time = Limit(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            await docker.AskAsync($"wait for the end of container '{name}'", (client, token) => client.Containers.WaitContainerAsync(id, token), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var still = await InspectAsync(id, cancellationToken);
            throw Failed(still, ProviderFailure.Timeout, $"Container '{name}' did not end within {limit?.TotalSeconds:0} s.", "See what it does ('provision logs'), or set a longer create timeout.");
        }

        var container = await InspectAsync(id, cancellationToken);
        var logs = _program.Flag("logs") == true ? await ContainerLogs.ReadAsync(docker, id, "all", cancellationToken) : null;
        return container.State.ExitCode == 0 ? (container, logs) : throw await EndedAsync(container, name, cancellationToken);
    }

    /// <summary>Looks at the health until it is good, or can no longer become so, or the time is up.</summary>
    private async Task<InspectedContainer> WaitAsync(string id, string name, CancellationToken cancellationToken)
    {
        var allowed = TimeSpan.FromSeconds(_program.Integer("waitTimeout") ?? 60);
        if (limit < allowed)
        {
            allowed = limit.Value;
        }

        var started = clock.GetTimestamp();
        for (var pause = FirstLook; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var container = await InspectAsync(id, cancellationToken);
            var state = ContainerState.Of(container);
            var waited = clock.GetElapsedTime(started);
            if (state.Name is "exited" or "dead")
            {
                return container.State.ExitCode == 0 && ContainerState.IsJob(_program) ? container : throw await EndedAsync(container, name, cancellationToken);
            }

            var health = container.State.Health;
            var status = health?.Status is { Length: > 0 } and not "none" ? health.Status : null;
            if (status == "healthy" || (status is null && state.Name == "running"))
            {
                return container;
            }

            var probe = SecretText.Redact((health?.Log ?? []).LastOrDefault()?.Output?.Trim() ?? "", inputs);
            var lastProbe = probe.Length > 0 ? $"; last probe: {probe.Split('\n')[^1]}" : "";
            if (status == "unhealthy")
            {
                throw Failed(container, ProviderFailure.Refused, $"Container '{name}' is unhealthy after {waited.TotalSeconds:0} s{lastProbe}", "See what it says ('provision logs'), and what its health check asks.");
            }

            if (waited >= allowed)
            {
                throw Failed(
                    container, ProviderFailure.Timeout, $"Container '{name}' was not healthy within {allowed.TotalSeconds:0} s: it is {status ?? state.Name}{lastProbe}",
                    "See what it says ('provision logs'), or set a longer waitTimeout.");
            }

            progress.Report($"health: {status ?? state.Name}, {waited.TotalSeconds:0} s{lastProbe}");
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private async Task<ProviderException> EndedAsync(InspectedContainer container, string name, CancellationToken cancellationToken)
    {
        var why = container.State.OOMKilled ? " (it ran out of memory)" : "";
        var lines = await ContainerLogs.LastLinesAsync(docker, container.ID, inputs, cancellationToken);
        return Failed(
            container, ProviderFailure.Refused, $"Container '{name}' ended with exit code {container.State.ExitCode}{why}.{lines}",
            "Correct what it runs; a container that may end is declared with mustRun false.");
    }

    private ProviderException Failed(InspectedContainer container, ProviderFailure failure, string message, string remedy) =>
        new(failure, message, remedy, new Remainder.Partial(container.ID, ContainerShape.Outputs(container, inputs), [message]));

    private Task<InspectedContainer> InspectAsync(string id, CancellationToken cancellationToken) =>
        InspectedContainer.AskAsync(docker, id, cancellationToken);

    private CancellationTokenSource Limit(TimeSpan? time) => time is { } some ? new CancellationTokenSource(some, clock) : new CancellationTokenSource();

    [GeneratedRegex(@"(?:Bind for |listen (?:tcp|udp|sctp)[46]? )\S*:(\d+)")]
    private static partial Regex PortPattern();
}
