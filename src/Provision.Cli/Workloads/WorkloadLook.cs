namespace Provision.Cli.Workloads;

/// <summary>What something was seen to do.</summary>
internal enum SeenState
{
    Running,
    Paused,
    Off,

    /// <summary>Recorded, and not there.</summary>
    Gone,

    /// <summary>Its daemon does not answer.</summary>
    Unreachable,
}

/// <summary>How a machine or container was seen.</summary>
/// <param name="State">What it does, as far as commands care.</param>
/// <param name="Word">What it does, in a word for people.</param>
/// <param name="Address">Where it is reached; empty where it has no address.</param>
/// <param name="Uptime">For how long it has run, for people; empty where that is not known.</param>
/// <param name="StartedAt">Since when it runs; null where that is not known.</param>
internal sealed record WorkloadLook(SeenState State, string Word, string Address, string Uptime, DateTimeOffset? StartedAt);
