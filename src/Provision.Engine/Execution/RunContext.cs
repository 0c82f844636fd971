using System.Collections.Concurrent;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>What every part of one run shares.</summary>
internal sealed record RunContext(
    DeploymentOptions Options,
    ResourceSelection Selection,
    ProviderInstances Providers,
    EventPoster Events,
    JournalWriter Journal,
    WorkSlots Slots,
    TimeProvider Clock,
    Func<Guid> NewId,
    StopTokens Tokens)
{
    private long _lastOperation;

    /// <summary>Provider instances whose endpoint stopped answering in this run: nothing more is tried there.</summary>
    public ConcurrentDictionary<ProviderReference, bool> Lost { get; } = new();

    public bool DryRun => Options.DryRun;

    /// <summary>Nothing new may be begun: a person asked for it, or it could not be recorded.</summary>
    public bool IsStopping => Tokens.Stop.IsCancellationRequested || Tokens.Cancel.IsCancellationRequested || Journal.Failure is not null;

    public long NextOperation() => Interlocked.Increment(ref _lastOperation);
}
