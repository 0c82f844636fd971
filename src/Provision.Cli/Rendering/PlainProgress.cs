using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>
/// Progress where there is no terminal: a line when a step starts, one every ten seconds while it runs, one when it ends. Build systems
/// kill jobs that are silent for long.
/// </summary>
internal sealed class PlainProgress(Screen screen, string stack) : IProgressView
{
    private const int HeartbeatRows = 5;

    private readonly ProgressModel _model = new();
    private DateTimeOffset _startedAt;
    private Operation _operation;

    public TimeSpan Interval => TimeSpan.FromSeconds(10);

    public Task RunAsync(Func<Task> read) => read();

    public void Show(EngineEvent engineEvent)
    {
        _model.Apply(engineEvent);
        foreach (var line in LinesOf(engineEvent))
        {
            screen.Line(line);
        }
    }

    public void Tick(DateTimeOffset now)
    {
        var running = _model.Rows.Where(row => row.Status == RowStatus.Running).OrderBy(row => row.Order).ToArray();
        foreach (var row in running.Take(HeartbeatRows))
        {
            var line = StyledLine.Of("    ").Add($"{Label(row.Urn)} still {OpWords.Doing(row.Running)} ({DurationText.Whole(now - row.StartedAt)})");
            screen.Line(row.Word is { } word ? line.Add($": {word}") : line);
        }

        if (running.Length > HeartbeatRows)
        {
            screen.Line($"    … and {running.Length - HeartbeatRows} more");
        }

        if (running.Length == 0 && _startedAt != default)
        {
            screen.Line($"    still at it ({DurationText.Whole(now - _startedAt)}): {_model.Phase ?? "planning the " + OpWords.Noun(_operation)}");
        }
    }

    private IEnumerable<StyledLine> LinesOf(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case EngineEvent.OperationStarted started:
                (_startedAt, _operation) = (started.Time, started.Operation);
                if (started.IsPreview)
                {
                    // The plan comes with the same headline.
                    break;
                }

                yield return StyledLine.Of(OpWords.Headline(started.Operation, started.IsPreview, stack), Tone.Headline);
                break;
            case EngineEvent.ReadFinished read when read.Drifted > 0:
                yield return StyledLine.Of($"    looked at {read.Resources} resources: {read.Drifted} differ from what was recorded ({DurationText.OfStep(read.Duration)})");
                break;
            case EngineEvent.StepStarted step when IsShown(step.Urn, step.Op):
                yield return Head(step.Urn, step.Op).Add(" ").Add(OpWords.Doing(step.Op), Tone.Dim);
                break;
            case EngineEvent.StepFinished step when IsShown(step.Urn, step.Op):
                yield return Head(step.Urn, step.Op).Add($" {OpWords.Done(step.Op)} ({DurationText.OfStep(step.Duration)})");
                break;
            case EngineEvent.StepFailed step:
                yield return Head(step.Urn, step.Op)
                    .Add($" **{OpWords.Doing(step.Op)} failed**", Tone.Error)
                    .Add($" ({DurationText.OfStep(step.Duration)}): {step.Diagnostic.Summary}");
                break;
            case EngineEvent.StepSkipped step when IsShown(step.Urn, step.Op):
                yield return Head(step.Urn, step.Op).Add(" skipped", Tone.Warning).Add($": {step.Because}");
                break;
            case EngineEvent.DiagnosticRaised { Diagnostic: { Severity: not Severity.Error } diagnostic }:
                foreach (var line in DiagnosticView.Lines(diagnostic))
                {
                    yield return line;
                }

                break;
            case EngineEvent.Cancelling cancelling:
                yield return StyledLine.Of(CancelText.Of(cancelling.Abandon), Tone.Warning);
                break;
        }
    }

    private static StyledLine Head(Urn urn, StepOp op) => StyledLine.Of($" {OpWords.Mark(op)} ", OpWords.ToneOf(op)).Add(Label(urn));

    private static string Label(Urn urn) => $"{urn.Name} ({urn.Type.Name})";

    private static bool IsShown(Urn urn, StepOp op) =>
        op is not (StepOp.Same or StepOp.Read) && urn.Type != ResourceType.Stack && !urn.Type.IsProvider;
}
