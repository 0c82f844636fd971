using Provision.Engine.State;

namespace Provision.Engine;

/// <summary>What a stack is opened for.</summary>
public sealed record SessionRequest
{
    /// <summary>The command, such as <c>up</c>; locks and journals name it.</summary>
    public required string Operation { get; init; }

    /// <summary>Take the lock and allow commits. A reading session writes nothing, not even what it recovers.</summary>
    public bool Write { get; init; }

    /// <summary>Goes into the manifest of what is written, such as <c>v0.1.0</c>.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>How long to wait for another run's lock; zero: not at all.</summary>
    public TimeSpan LockTimeout { get; init; }

    /// <summary>Make the stack where there is none.</summary>
    public bool Create { get; init; }

    /// <summary>Open a state that contradicts itself, in order to repair or export it.</summary>
    public bool SkipChecks { get; init; }

    /// <summary>Whose name goes into the lock.</summary>
    public LockHolder Holder { get; init; } = LockHolder.Current();
}
