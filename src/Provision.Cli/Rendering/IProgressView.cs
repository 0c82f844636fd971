using Provision.Engine.Events;

namespace Provision.Cli.Rendering;

/// <summary>Shows events as they come. Called by one reader alone (<see cref="EventPump"/>), so it needs no locks.</summary>
internal interface IProgressView
{
    /// <summary>How often <see cref="Tick"/> wants to be called.</summary>
    TimeSpan Interval { get; }

    void Show(EngineEvent engineEvent);

    /// <summary>Time has passed, whether or not anything happened.</summary>
    void Tick(DateTimeOffset now);

    /// <summary>Runs the reading of events, for views that hold the terminal meanwhile.</summary>
    Task RunAsync(Func<Task> read);
}
