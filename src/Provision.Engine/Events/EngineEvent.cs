using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine.Events;

/// <summary>What happened, for views and logs. The engine never reads one back; a slow view never slows a step.</summary>
public abstract record EngineEvent
{
    private EngineEvent()
    {
    }

    /// <summary>Rises by one an event.</summary>
    public long Sequence { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>The run begins. A preview plans; the others act.</summary>
    public sealed record OperationStarted(Operation Operation, bool IsPreview) : EngineEvent;

    /// <summary>Reality is being looked at: so many resources at so many endpoints.</summary>
    public sealed record ReadStarted(int Resources) : EngineEvent;

    public sealed record ReadFinished(int Resources, int Drifted, TimeSpan Duration) : EngineEvent;

    /// <summary>A step was decided on (in a preview: all there will be of it).</summary>
    public sealed record StepPlanned(PlannedStep Step) : EngineEvent;

    public sealed record StepStarted(Urn Urn, StepOp Op) : EngineEvent;

    /// <summary>Word from a running step; see <see cref="Contract.IStepProgress"/>.</summary>
    public sealed record StepProgressed(Urn Urn, StepOp Op, string Text, long? Done, long? Total) : EngineEvent;

    public sealed record StepFinished(Urn Urn, StepOp Op, TimeSpan Duration, ResourceState? State) : EngineEvent;

    public sealed record StepFailed(Urn Urn, StepOp Op, TimeSpan Duration, Diagnostic Diagnostic) : EngineEvent;

    /// <summary>Not tried, because something it needs failed or the run was stopped.</summary>
    public sealed record StepSkipped(Urn Urn, StepOp Op, string Because) : EngineEvent;

    public sealed record DiagnosticRaised(Diagnostic Diagnostic) : EngineEvent;

    /// <summary>First or second stage of a cancellation, as a person asked for it.</summary>
    public sealed record Cancelling(bool Abandon) : EngineEvent;

    public sealed record OperationFinished(
        Operation Operation, bool IsPreview, OperationOutcome Outcome, ImmutableArray<StepCount> Counts, PropertyMap Outputs, TimeSpan Duration) : EngineEvent;
}

public enum OperationOutcome
{
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>Takes events. Must return at once; anything slow belongs behind a channel.</summary>
public interface IEventSink
{
    void Post(EngineEvent engineEvent);
}
