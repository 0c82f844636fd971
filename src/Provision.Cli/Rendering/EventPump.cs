using System.Threading.Channels;
using Provision.Engine.Events;

namespace Provision.Cli.Rendering;

/// <summary>
/// Carries events from the engine to one view. The engine never waits: posting only puts into a channel, and word of progress is
/// dropped where the view is far behind; everything else is kept, and there are only a few a resource.
/// </summary>
internal sealed class EventPump : IEventSink, IAsyncDisposable
{
    private const int ProgressLimit = 1024;

    private readonly Channel<EngineEvent> _channel =
        Channel.CreateUnbounded<EngineEvent>(new UnboundedChannelOptions());

    private readonly IProgressView _view;
    private readonly TimeProvider _clock;
    private readonly Task _running;

    public EventPump(IProgressView view, TimeProvider clock)
    {
        (_view, _clock) = (view, clock);
        _running = Task.Run(() => view.RunAsync(ReadAsync));
    }

    public void Post(EngineEvent engineEvent)
    {
        if (engineEvent is not EngineEvent.StepProgressed || _channel.Reader.Count < ProgressLimit)
        {
            _channel.Writer.TryWrite(engineEvent);
        }
    }

    /// <summary>Shows what is left and gives the terminal back.</summary>
    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await _running;
    }

    private async Task ReadAsync()
    {
        using var timer = new PeriodicTimer(_view.Interval, _clock);
        var tick = timer.WaitForNextTickAsync().AsTask();
        var more = _channel.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            await Task.WhenAny(tick, more);
            if (more.IsCompleted)
            {
                while (_channel.Reader.TryRead(out var engineEvent))
                {
                    _view.Show(engineEvent);
                }

                if (!await more)
                {
                    return;
                }

                more = _channel.Reader.WaitToReadAsync().AsTask();
            }

            if (tick.IsCompleted)
            {
                _view.Tick(_clock.GetUtcNow());
                tick = timer.WaitForNextTickAsync().AsTask();
            }
        }
    }
}
