using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>
/// A service of the host. What counts is that it answers, whoever started it: one that does is taken as it is, and one that
/// somebody else started is never stopped.
/// </summary>
internal sealed class ServiceResource(HostSession host) : IHostResource
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly SystemdSupervisor _systemd = new(host);
    private readonly ScriptSupervisor _scripts = new(host);
    private readonly DirectSupervisor _direct = new(host);
    private readonly ServiceWaiter _waiter = new(host);

    public (string Name, int Limit) Cost => ("service", 4);

    public CheckResponse Check(CheckRequest request) => ServiceInputs.Check(request.NewInputs);

    public DiffResponse Diff(DiffRequest request)
    {
        var byUs = IsTrue(request.OldOutputs, "startedByUs");
        var changes = InputDiff.Compare(request.OldInputs, request.NewInputs, ServiceInputs.Changes)
            .Select(change => byUs || change.Apply != ApplyClass.Restart ? change : change with { Apply = ApplyClass.Live })
            .ToImmutableArray();
        var wanted = InputReader.Plain(request.NewInputs.Find("running")) is not PropertyValue.Bool { Value: false };
        string? reason = null;
        if (request.OldOutputs.Find("running") is PropertyValue.Bool { Value: var runs } && runs != wanted && changes.All(change => change.Path.Top != "running"))
        {
            changes = changes.Add(new PropertyDiff(PropertyPath.Of("running"), DiffKind.Update, ApplyClass.Live, runs, wanted));
            reason = request.OldOutputs.Find("status") is PropertyValue.String { Value: var status } ? status : null;
        }

        var enable = InputReader.Plain(request.NewInputs.Find("enabled")) is not PropertyValue.Bool { Value: false };
        if (enable && request.OldOutputs.Find("enabled") is PropertyValue.Bool { Value: false }
            && request.OldOutputs.Find("supervisor") is PropertyValue.String { Value: "systemd" } && changes.All(change => change.Path.Top != "enabled"))
        {
            changes = changes.Add(new PropertyDiff(PropertyPath.Of("enabled"), DiffKind.Update, ApplyClass.Live, false, true));
            reason ??= "not enabled";
        }

        return new DiffResponse { Changes = changes, DeleteBeforeReplace = true, Reason = reason, Stables = ["name", "unit", "supervisor"] };
    }

    /// <summary>1 take what runs already, 2 start it by what the host offers, best first, 3 wait until it answers.</summary>
    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var inputs = ServiceInputs.Read(request.Inputs);
        if (await FindRunningAsync(inputs, request.Urn, cancellationToken) is { } running) // 1
        {
            if (!running.IsReady && inputs.Running)
            {
                await _waiter.WaitAsync(inputs, running.Supervisor, Limit(inputs, request.Timeout), Partial(inputs, request.Inputs, running), request.Progress, cancellationToken);
            }

            request.Progress.Report($"{inputs.Name} runs already");
            return new CreateResponse(inputs.Name, await OutputsAsync(inputs, request.Inputs, running.Supervisor, running.IsOurs, cancellationToken));
        }

        if (!inputs.Running)
        {
            var supervisor = await PreferredAsync(inputs, cancellationToken);
            return new CreateResponse(inputs.Name, await OutputsAsync(inputs, request.Inputs, supervisor, byUs: false, cancellationToken));
        }

        var started = await StartAsync(inputs, request.Inputs, request.Urn, request.Timeout, request.Progress, cancellationToken); // 2, 3
        return new CreateResponse(inputs.Name, await OutputsAsync(inputs, request.Inputs, started.Supervisor, started.IsOurs, cancellationToken));
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var responses = new List<ReadResponse>(requests.Count);
        foreach (var request in requests)
        {
            var imported = request.Inputs.Count == 0;
            var recorded = imported ? PropertyMap.Of(("name", request.Id), ("running", true), ("keep", true)) : request.Inputs;
            var inputs = ServiceInputs.Read(recorded);
            var supervisor = request.Outputs.Find("supervisor") is PropertyValue.String { Value: var name }
                ? ByName(name)
                : await PreferredAsync(inputs, cancellationToken);
            var view = await supervisor.LookAsync(inputs, cancellationToken);
            if (!view.Exists && supervisor != _direct && await RunsAsync(inputs, view, cancellationToken) != ServiceStatus.Running)
            {
                responses.Add(ReadResponse.Gone.Value);
                continue;
            }

            var byUs = IsTrue(request.Outputs, "startedByUs") && (supervisor != _direct || !view.IsAlive || view.Owner == request.Urn.ToString());
            responses.Add(new ReadResponse.Found(
                request.Id, await OutputsAsync(inputs, recorded, supervisor, byUs, cancellationToken), imported ? recorded : null));
        }

        return responses;
    }

    public async Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        var inputs = ServiceInputs.Read(request.Inputs);

        // One that is up but does not answer yet is found as well: the next diff sees it, and waits for it. It is not started twice.
        return await FindRunningAsync(inputs, request.Urn, cancellationToken) is { IsOurs: true } running
            ? new FindResponse(inputs.Name, await OutputsAsync(inputs, request.Inputs, running.Supervisor, byUs: true, cancellationToken), Complete: true)
            : null;
    }

    public async Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        var old = ServiceInputs.Read(request.OldInputs);
        var inputs = ServiceInputs.Read(request.NewInputs);
        var running = await FindRunningAsync(old, request.Urn, cancellationToken);
        var byUs = running?.IsOurs ?? IsTrue(request.OldOutputs, "startedByUs");
        var restart = request.Diff.Changes.Any(change => change.Apply == ApplyClass.Restart);
        if (running is not null && (!inputs.Running || (restart && running.IsOurs && running.Supervisor == _direct)))
        {
            if (running.Supervisor == _direct && !running.IsOurs)
            {
                throw NotOurs(inputs, "stopped");
            }

            await running.Supervisor.StopAsync(old, request.Timeout ?? StopLimit, request.Progress, cancellationToken);
            running = null;
        }

        if (!inputs.Running)
        {
            return new UpdateResponse(await OutputsAsync(inputs, request.NewInputs, await PreferredAsync(inputs, cancellationToken), byUs, cancellationToken));
        }

        if (running is null)
        {
            running = await StartAsync(inputs, request.NewInputs, request.Urn, request.Timeout, request.Progress, cancellationToken);
        }
        else
        {
            if (running.Supervisor == _systemd && request.Diff.Changes.Any(change => change.Path.Top == "enabled"))
            {
                await _systemd.StartAsync(inputs, request.Urn, cancellationToken);
            }

            if (!running.IsReady)
            {
                // It may be on its way: one that runs is not killed for being slow.
                await _waiter.WaitAsync(
                    inputs, running.Supervisor, Limit(inputs, request.Timeout), Partial(inputs, request.NewInputs, running), request.Progress, cancellationToken);
            }
        }

        return new UpdateResponse(await OutputsAsync(inputs, request.NewInputs, running.Supervisor, running.IsOurs || byUs, cancellationToken));
    }

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var inputs = ServiceInputs.Read(request.Inputs);
        if (inputs.Keep)
        {
            request.Progress.Report($"{inputs.Name} keeps running (keep)");
            return;
        }

        var supervisor = request.Outputs.Find("supervisor") is PropertyValue.String { Value: var name } ? ByName(name) : _direct;
        var view = await supervisor.LookAsync(inputs, cancellationToken);
        var ours = IsTrue(request.Outputs, "startedByUs") && (supervisor != _direct || !view.IsAlive || view.Owner == request.Urn.ToString());
        if (!ours)
        {
            request.Progress.Report($"{inputs.Name} stays as it is: somebody else started it");
            return;
        }

        await supervisor.StopAsync(inputs, request.Timeout ?? StopLimit, request.Progress, cancellationToken);
    }

    public async Task<bool> IsSatisfiedAsync(PropertyMap inputs, CancellationToken cancellationToken)
    {
        var read = ServiceInputs.Read(inputs);
        if (read.ReadySocket is not null)
        {
            var seen = await _waiter.ProbeAsync(read, cancellationToken);
            return seen.IsReady || seen.Denied;
        }

        return (await (await PreferredAsync(read, cancellationToken)).LookAsync(read, cancellationToken)).IsAlive;
    }

    private static TimeSpan Limit(ServiceInputs inputs, TimeSpan? timeout) => timeout is { } given && given < inputs.ReadyTimeout ? given : inputs.ReadyTimeout;

    private static bool IsTrue(PropertyMap outputs, string key) => outputs.Find(key) is PropertyValue.Bool { Value: true };

    private static ProviderException NotOurs(ServiceInputs inputs, string done) => new(
        ProviderFailure.Conflict, $"{inputs.Name} was started by somebody else, so it is not {done}.", "Stop it by hand, and run up again.",
        Remainder.Untouched.Value);

    private async Task<Running> StartAsync(
        ServiceInputs inputs, PropertyMap properties, Urn urn, TimeSpan? timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        var tried = new List<string>();
        ProviderException? last = null;
        foreach (var supervisor in await CandidatesAsync(inputs, cancellationToken))
        {
            progress.Report($"starting {inputs.Name} ({supervisor.Name})");
            var running = new Running(supervisor, IsOurs: true, IsReady: false);
            var complaint = await supervisor.StartAsync(inputs, urn, cancellationToken);
            if (complaint is not null && supervisor == _direct)
            {
                // Nothing was started, so there is nothing to wait for and no log of it.
                tried.Add(complaint);
                continue;
            }

            try
            {
                await _waiter.WaitAsync(
                    inputs, supervisor, complaint is null ? Limit(inputs, timeout) : TimeSpan.Zero, Partial(inputs, properties, running), progress, cancellationToken);

                // It may be another's that answers, while ours found its place taken and ended.
                return running with { IsOurs = (await supervisor.LookAsync(inputs, cancellationToken)).IsAlive };
            }
            catch (ProviderException exception)
            {
                tried.Add(complaint is null ? exception.Message : $"{complaint}; {exception.Message}");
                last = exception;
                if (exception.Remainder is Remainder.Partial)
                {
                    // It runs, slowly: a second way would start it twice.
                    throw;
                }
            }
        }

        throw new ProviderException(
            last?.Failure ?? ProviderFailure.Refused,
            tried.Count == 0
                ? $"{inputs.Name} cannot be started: the host has no unit and no init script {inputs.Unit}, and no command is given."
                : $"{inputs.Name} did not start: {string.Join("; then ", tried)}",
            tried.Count == 0 ? "Declare the package that brings it before it, or give the service a command." : "Put right what its log says, and run up again.",
            Remainder.Untouched.Value, last);
    }

    private static Func<string, Remainder> Partial(ServiceInputs inputs, PropertyMap properties, Running running) => reason => new Remainder.Partial(
        inputs.Name,
        properties.Merge(PropertyMap.Of(
            ("supervisor", running.Supervisor.Name), ("running", false), ("status", ServiceStatus.NotAnswering), ("startedByUs", running.IsOurs))),
        [reason]);

    /// <summary>The ways to start it, best first.</summary>
    private async Task<IReadOnlyList<ISupervisor>> CandidatesAsync(ServiceInputs inputs, CancellationToken cancellationToken)
    {
        var access = await host.AccessAsync(cancellationToken);

        // init       | with a command            | without
        // systemd    | unit, else direct         | unit
        // scripts    | script, else direct       | script
        // none       | direct                    | script
        // Without an init a script is the last resort: Docker's mounts every cgroup controller of the machine, which containerd
        // then does not find its way in, and raises limits the machine may not let it raise.
        var ways = new List<ISupervisor>();
        if (access.Init == InitSystem.Systemd && (await _systemd.LookAsync(inputs, cancellationToken)).Exists)
        {
            ways.Add(_systemd);
        }
        else if (access.Init != InitSystem.Systemd && (access.Init == InitSystem.Scripts || inputs.Command.IsEmpty)
            && (await _scripts.LookAsync(inputs, cancellationToken)).Exists)
        {
            ways.Add(_scripts);
        }

        if (!inputs.Command.IsEmpty && !ways.Contains(_systemd))
        {
            ways.Add(_direct);
        }

        return ways;
    }

    private async Task<ISupervisor> PreferredAsync(ServiceInputs inputs, CancellationToken cancellationToken) =>
        await CandidatesAsync(inputs, cancellationToken) is [var best, ..] ? best : _direct;

    private ISupervisor ByName(string name) => name switch
    {
        "systemd" => _systemd,
        "service" => _scripts,
        _ => _direct,
    };

    /// <summary>What runs already: ours by its mark, another's by its supervisor's or its socket's word.</summary>
    private async Task<Running?> FindRunningAsync(ServiceInputs inputs, Urn urn, CancellationToken cancellationToken)
    {
        var direct = await _direct.LookAsync(inputs, cancellationToken);
        var ready = inputs.ReadySocket is null ? new Readiness(false, "") : await _waiter.ProbeAsync(inputs, cancellationToken);
        if (direct.IsAlive)
        {
            return new Running(_direct, direct.Owner == urn.ToString(), ready.IsReady || inputs.ReadySocket is null);
        }

        var preferred = await PreferredAsync(inputs, cancellationToken);
        if (ready.IsReady)
        {
            return new Running(preferred, IsOurs: false, IsReady: true);
        }

        if (ready.Denied)
        {
            throw new ProviderException(
                ProviderFailure.Unauthorized, $"{inputs.Name} may run, but you may not connect to {inputs.ReadySocket}: {ready.Seen}.",
                "Join the group that may (for Docker: docker), or run as root.", Remainder.Untouched.Value);
        }

        return preferred != _direct && (await preferred.LookAsync(inputs, cancellationToken)).IsAlive
            ? new Running(preferred, IsOurs: false, IsReady: inputs.ReadySocket is null)
            : null;
    }

    private async Task<string> RunsAsync(ServiceInputs inputs, SupervisorView view, CancellationToken cancellationToken) =>
        inputs.ReadySocket is null ? view.IsAlive ? ServiceStatus.Running : ServiceStatus.Stopped
        : (await _waiter.ProbeAsync(inputs, cancellationToken)) is { IsReady: true } or { Denied: true } ? ServiceStatus.Running
        : view.IsAlive ? ServiceStatus.NotAnswering : ServiceStatus.Stopped;

    private async Task<PropertyMap> OutputsAsync(
        ServiceInputs inputs, PropertyMap properties, ISupervisor supervisor, bool byUs, CancellationToken cancellationToken)
    {
        var view = await supervisor.LookAsync(inputs, cancellationToken);
        var status = await RunsAsync(inputs, view, cancellationToken);
        return properties.Merge(PropertyMap.Of(
            ("supervisor", supervisor.Name),
            ("running", status == ServiceStatus.Running),
            ("status", status),
            ("startedByUs", byUs),
            ("pid", view.Pid is { } pid ? (PropertyValue)pid : null),
            ("enabled", view.IsEnabled is { } enabled ? (PropertyValue)enabled : null)));
    }

    private sealed record Running(ISupervisor Supervisor, bool IsOurs, bool IsReady);
}
