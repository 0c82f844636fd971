using Provision.Engine.Events;

namespace Provision.Cli.Rendering;

/// <summary>Shows nothing: the result alone is wanted.</summary>
internal sealed class SilentProgress : IProgressView
{
    public TimeSpan Interval => TimeSpan.FromHours(1);

    public void Show(EngineEvent engineEvent)
    {
    }

    public void Tick(DateTimeOffset now)
    {
    }

    public Task RunAsync(Func<Task> read) => read();
}
