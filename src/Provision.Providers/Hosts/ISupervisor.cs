using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>What keeps a service running on a host.</summary>
internal interface ISupervisor
{
    /// <summary><c>systemd</c>, <c>service</c> or <c>direct</c>.</summary>
    string Name { get; }

    Task<SupervisorView> LookAsync(ServiceInputs inputs, CancellationToken cancellationToken);

    /// <summary>Starts it. That it is ready is the probe's word, not this one's.</summary>
    /// <returns>What the supervisor complained about; null where it did not.</returns>
    Task<string?> StartAsync(ServiceInputs inputs, Urn owner, CancellationToken cancellationToken);

    /// <summary>Asks it to end and waits; what has not ended at the limit is killed.</summary>
    Task StopAsync(ServiceInputs inputs, TimeSpan limit, IStepProgress progress, CancellationToken cancellationToken);

    /// <summary>The last lines it logged; empty where there are none.</summary>
    Task<string> LogTailAsync(ServiceInputs inputs, CancellationToken cancellationToken);
}

/// <summary>What a supervisor knows of a service.</summary>
internal sealed record SupervisorView
{
    /// <summary>It knows the service: a unit, a script, a command.</summary>
    public required bool Exists { get; init; }

    public required bool IsAlive { get; init; }

    /// <summary>It ended, and will not come up by itself: waiting has no sense.</summary>
    public bool HasEnded { get; init; }

    public int? Pid { get; init; }

    /// <summary>Whether it starts with the host; null where there is no such thing.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>The URN that started it, where that is known.</summary>
    public string? Owner { get; init; }
}
