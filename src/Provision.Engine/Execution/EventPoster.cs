using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>Numbers and dates events, and remembers the diagnostics among them.</summary>
/// <param name="sink">Who is told of them; null where nobody is.</param>
internal sealed class EventPoster(IEventSink? sink, TimeProvider clock)
{
    private readonly ConcurrentQueue<Diagnostic> _diagnostics = new();
    private long _sequence;

    public ImmutableArray<Diagnostic> Diagnostics => [.. _diagnostics];

    public void Post(EngineEvent engineEvent) =>
        sink?.Post(engineEvent with { Sequence = Interlocked.Increment(ref _sequence), Time = clock.GetUtcNow() });

    public void Raise(Diagnostic diagnostic)
    {
        _diagnostics.Enqueue(diagnostic);
        Post(new EngineEvent.DiagnosticRaised(diagnostic));
    }

    /// <summary>A step's failure is its own event; it is a diagnostic all the same.</summary>
    public void RaiseFailure(Urn urn, StepOp op, TimeSpan duration, Diagnostic diagnostic)
    {
        _diagnostics.Enqueue(diagnostic);
        Post(new EngineEvent.StepFailed(urn, op, duration, diagnostic));
    }

    public IStepProgress ProgressOf(Urn urn, StepOp op) => new Progress(this, urn, op);

    private sealed class Progress(EventPoster poster, Urn urn, StepOp op) : IStepProgress
    {
        public void Report(string text, long? done, long? total) => poster.Post(new EngineEvent.StepProgressed(urn, op, text, done, total));
    }
}
