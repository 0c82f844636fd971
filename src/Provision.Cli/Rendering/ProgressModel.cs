using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

internal enum RowStatus
{
    Waiting,
    Running,
    Done,
    Failed,
    Skipped,
}

/// <summary>How one resource gets on.</summary>
internal sealed class ProgressRow(Urn urn, StepOp op)
{
    public Urn Urn { get; } = urn;

    public string Pattern { get; } = FoldLabel.Pattern(urn.Name);

    /// <summary>What is shown of it: the planned op, or the last that ran where none was planned.</summary>
    public StepOp Op { get; set; } = op;

    /// <summary>The step that runs now; of a replacement first one half, then the other.</summary>
    public StepOp Running { get; set; } = op;

    public RowStatus Status { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public TimeSpan Duration { get; set; }

    public string? Text { get; set; }

    public long? DoneCount { get; set; }

    public long? TotalCount { get; set; }

    /// <summary>Rises with every change of status: the order in which rows finished.</summary>
    public int Order { get; set; }

    /// <summary>The provider's own word, with how much is done where that can be counted.</summary>
    public string? Word => ProgressText.Of(Text, DoneCount, TotalCount);
}

/// <summary>All that happened so far, folded from the events. No clock, no terminal.</summary>
internal sealed class ProgressModel
{
    private readonly Dictionary<Urn, ProgressRow> _rows = [];
    private int _order;

    public IReadOnlyCollection<ProgressRow> Rows => _rows.Values;

    public int Unchanged { get; private set; }

    /// <summary>What happens while no step does: "looking at 40 resources".</summary>
    public string? Phase { get; private set; }

    /// <summary>Set by the first word of a cancellation: true once what runs is abandoned.</summary>
    public bool? Abandon { get; private set; }

    public void Apply(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case EngineEvent.ReadStarted read:
                Phase = $"looking at {read.Resources} resources";
                break;
            case EngineEvent.ReadFinished:
                Phase = null;
                break;
            case EngineEvent.StepPlanned { Step: var step } when IsShown(step.Urn, step.Op):
                _rows.TryAdd(step.Urn, new ProgressRow(step.Urn, step.Op));
                break;
            case EngineEvent.StepPlanned { Step: { Op: StepOp.Same } step } when step.Urn.Type != ResourceType.Stack && !step.Urn.Type.IsProvider:
                Unchanged++;
                break;
            case EngineEvent.StepStarted started when RowOf(started.Urn, started.Op) is { } row:
                row.StartedAt = started.Time;
                row.Running = started.Op;
                (row.Text, row.DoneCount, row.TotalCount) = (null, null, null);
                Set(row, RowStatus.Running);
                break;
            case EngineEvent.StepProgressed progressed when RowOf(progressed.Urn, progressed.Op) is { } row:
                (row.Text, row.DoneCount, row.TotalCount) = (progressed.Text, progressed.Done, progressed.Total);
                break;
            case EngineEvent.StepFinished finished when RowOf(finished.Urn, finished.Op) is { } row:
                row.Duration += finished.Duration;
                row.Running = finished.Op;
                Set(row, RowStatus.Done);
                break;
            case EngineEvent.StepFailed failed when RowOf(failed.Urn, failed.Op) is { } row:
                row.Duration += failed.Duration;
                row.Running = failed.Op;
                row.Text = failed.Diagnostic.Summary;
                Set(row, RowStatus.Failed);
                break;
            case EngineEvent.StepSkipped skipped when RowOf(skipped.Urn, skipped.Op) is { } row:
                row.Text = skipped.Because;
                Set(row, RowStatus.Skipped);
                break;
            case EngineEvent.Cancelling cancelling:
                Abandon = cancelling.Abandon || Abandon == true;
                break;
        }
    }

    public int Count(RowStatus status) => _rows.Values.Count(row => row.Status == status);

    private static bool IsShown(Urn urn, StepOp op) =>
        op is not (StepOp.Same or StepOp.Read) && urn.Type != ResourceType.Stack && !urn.Type.IsProvider;

    private ProgressRow? RowOf(Urn urn, StepOp op)
    {
        if (!_rows.TryGetValue(urn, out var row) && IsShown(urn, op))
        {
            _rows.Add(urn, row = new ProgressRow(urn, op));
        }

        return row;
    }

    private void Set(ProgressRow row, RowStatus status)
    {
        row.Status = status;
        row.Order = ++_order;
    }
}
