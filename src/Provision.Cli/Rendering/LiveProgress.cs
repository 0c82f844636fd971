using Provision.Engine.Events;
using Spectre.Console;

namespace Provision.Cli.Rendering;

/// <summary>Progress on a terminal: redrawn in place, at most ten times a second.</summary>
internal sealed class LiveProgress(Screen screen, string stack, TimeProvider clock) : IProgressView
{
    private readonly ProgressModel _model = new();
    private readonly List<StyledLine> _remarks = [];
    private LiveDisplayContext? _context;
    private DateTimeOffset _startedAt = clock.GetUtcNow();
    private string _headline = "";
    private bool _isPreview;

    public TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(Func<Task> read)
    {
        var live = new LiveDisplay(screen.Console, new SpectreLines([], cut: true)) { AutoClear = true, Overflow = VerticalOverflow.Crop };
        await live.StartAsync(async context =>
        {
            _context = context;
            await read();
            context.UpdateTarget(new SpectreLines([], cut: true));
        });
        if (!_isPreview)
        {
            screen.Line(_headline, Tone.Headline);
            screen.Lines(LiveLayout.Final(_model));
            screen.Line();
        }

        screen.Lines(_remarks);
    }

    public void Show(EngineEvent engineEvent)
    {
        _model.Apply(engineEvent);
        switch (engineEvent)
        {
            case EngineEvent.OperationStarted started:
                (_startedAt, _isPreview) = (started.Time, started.IsPreview);
                _headline = OpWords.Headline(started.Operation, started.IsPreview, stack);
                break;
            case EngineEvent.DiagnosticRaised { Diagnostic: { Severity: Engine.Diagnostics.Severity.Info } diagnostic }:
                // Warnings and errors come with the summary; a remark would be lost with the display.
                _remarks.AddRange(DiagnosticView.Lines(diagnostic));
                break;
        }
    }

    public void Tick(DateTimeOffset now) =>
        _context?.UpdateTarget(new SpectreLines(LiveLayout.Lines(_model, _headline, _startedAt, now, screen.Height), cut: true));
}
