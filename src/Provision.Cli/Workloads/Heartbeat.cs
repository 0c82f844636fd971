using Provision.Cli.Rendering;

namespace Provision.Cli.Workloads;

/// <summary>Tells every ten seconds, on stderr, what is still waited for.</summary>
internal static class Heartbeat
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static async Task WhileAsync(Invocation invocation, Task work, Func<IEnumerable<(string Name, string? Word)>> open)
    {
        var started = invocation.Clock.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, invocation.Clock);
        while (await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask()) != work)
        {
            var waited = DurationText.Whole(invocation.Clock.GetElapsedTime(started));
            foreach (var (name, word) in open())
            {
                invocation.Error.Line($"    {name} still at it ({waited}){(word is null ? "" : $": {word}")}");
            }
        }

        await work;
    }
}
