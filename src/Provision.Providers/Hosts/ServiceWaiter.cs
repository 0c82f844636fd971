using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>Waits until a service answers, saying what it waits for and what it sees.</summary>
internal sealed class ServiceWaiter(HostSession host)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    // A daemon without a socket to ask counts as up when it has lived this long: most configuration errors end one at once.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(500);

    private readonly ReadyProbe _probe = new(host.Transport, host.Clock);

    public Task<Readiness> ProbeAsync(ServiceInputs inputs, CancellationToken cancellationToken) =>
        inputs.ReadySocket is { } socket
            ? _probe.LookAsync(socket, inputs.ReadyHttpPath, cancellationToken)
            : Task.FromResult(new Readiness(false, "no socket to ask"));

    /// <param name="inputs">The service.</param>
    /// <param name="supervisor">What started it.</param>
    /// <param name="limit">How long at most; none looks once.</param>
    /// <param name="partial">What to leave recorded where it lives but does not answer.</param>
    /// <param name="progress">Takes word of the wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitAsync(
        ServiceInputs inputs, ISupervisor supervisor, TimeSpan limit, Func<string, Remainder> partial, IStepProgress progress, CancellationToken cancellationToken)
    {
        var began = host.Clock.GetTimestamp();
        var told = -1;
        while (true)
        {
            var elapsed = host.Clock.GetElapsedTime(began);
            var seen = await ProbeAsync(inputs, cancellationToken);
            var view = await supervisor.LookAsync(inputs, cancellationToken);
            if (seen.IsReady || (inputs.ReadySocket is null && view.IsAlive && (elapsed >= Settled || supervisor.Name != "direct")))
            {
                return;
            }

            if (seen.Denied)
            {
                throw new ProviderException(
                    ProviderFailure.Unauthorized, $"{inputs.Name} runs, but you may not connect to {inputs.ReadySocket}: {seen.Seen}.",
                    "Join the group that may (for Docker: docker), or run as root.", partial("may not connect"));
            }

            if (view.HasEnded || elapsed >= limit)
            {
                throw await FailureAsync(inputs, supervisor, view, seen, elapsed, partial, cancellationToken);
            }

            if ((int)elapsed.TotalSeconds != told)
            {
                told = (int)elapsed.TotalSeconds;
                progress.Report($"waiting for {inputs.ReadySocket ?? inputs.Name}: {seen.Seen}, {told} s of {limit.TotalSeconds:0} s");
            }

            await Task.Delay(Step, host.Clock, cancellationToken);
        }
    }

    private static async Task<ProviderException> FailureAsync(
        ServiceInputs inputs, ISupervisor supervisor, SupervisorView view, Readiness seen, TimeSpan elapsed, Func<string, Remainder> partial,
        CancellationToken cancellationToken)
    {
        var log = await supervisor.LogTailAsync(inputs, cancellationToken);
        var tail = log.Length == 0 ? "" : $"\nIts last words ({(supervisor.Name == "direct" ? inputs.LogFile : supervisor.Name)}):\n{log}";
        if (!view.IsAlive)
        {
            return new ProviderException(
                ProviderFailure.Refused, $"{inputs.Name} ended at once ({supervisor.Name}).{tail}", "Put right what its log says, and run up again.",
                Remainder.Untouched.Value);
        }

        var what = inputs.ReadySocket is null ? "it is not up" : $"{inputs.ReadySocket}{inputs.ReadyHttpPath} says: {seen.Seen}";
        return new ProviderException(
            ProviderFailure.Timeout, $"{inputs.Name} runs but was not ready after {elapsed.TotalSeconds:0.#} s: {what}.{tail}",
            "It goes on starting: run up again to wait longer, raise readyTimeoutSeconds, or end it by hand.", partial($"not ready: {seen.Seen}"));
    }
}
