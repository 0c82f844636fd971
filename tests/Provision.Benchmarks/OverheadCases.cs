using System.Diagnostics;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Benchmarks;

/// <summary>
/// What a step of <c>up</c> costs beyond the provider's call: two journal entries brought to disk before and after it, decisions, events, and the
/// commit of the state at the end. Against the same calls without an engine, at the same width, in turns.
/// </summary>
internal static class OverheadCases
{
    private const int Width = 8;
    private const int Rounds = 5;

    public static async Task RunAsync(Report report)
    {
        report.Table("Engine overhead a step, journal and commit on disk included, 8 at once", "provider call", "steps", "bare calls", "up", "overhead a step (all steps' wall time)", "overhead a step, as one of 8 lanes sees it", "one flush to this disk");
        var flush = Flush();
        foreach (var (milliseconds, steps) in new[] { (0, 1_000), (10, 1_000), (100, 400) })
        {
            var delay = TimeSpan.FromMilliseconds(milliseconds);
            var goals = BenchStack.Goals(steps, Shape.Flat);
            var bare = new List<TimeSpan>();
            var engine = new List<TimeSpan>();
            for (var round = 0; round < Rounds; round++)
            {
                if (round % 2 == 0)
                {
                    bare.Add(await BareAsync(goals, delay));
                    engine.Add(await UpAsync(goals, delay));
                }
                else
                {
                    engine.Add(await UpAsync(goals, delay));
                    bare.Add(await BareAsync(goals, delay));
                }
            }

            var (without, with) = (Median(bare), Median(engine));
            var each = (with - without).TotalMilliseconds / steps;
            report.Row(
                $"{milliseconds} ms", Report.Number(steps, "0"), Report.Time(without), Report.Time(with), $"{Report.Number(each, "0.000")} ms", $"{Report.Number(each * Width, "0.00")} ms", Report.Time(flush));
            if (milliseconds == 10)
            {
                report.Budget("engine overhead a step of up, journal included", 1, each, "ms");
            }
        }
    }

    private static async Task<TimeSpan> BareAsync(List<ResourceGoal> goals, TimeSpan delay)
    {
        await using var provider = new BenchProvider(delay, Width);
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            goals.Where(goal => goal.Provider is not null), new ParallelOptions { MaxDegreeOfParallelism = Width },
            async (goal, token) => await provider.CreateAsync(new CreateRequest(goal.Urn, goal.Inputs, null, new Silent()), token));
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<TimeSpan> UpAsync(List<ResourceGoal> goals, TimeSpan delay)
    {
        using var workspace = new BenchWorkspace();
        await using var session = await workspace.OpenAsync("up");
        var started = Stopwatch.GetTimestamp();
        var result = await BenchRun.RunAsync(Operation.Up, goals, session.Snapshot, dryRun: false, [new BenchProviderFactory(delay, Width)], session.Journal, Width);
        await session.CommitAsync(result.Snapshot, BenchWorkspace.Record("update"), CancellationToken.None);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>What the journal cannot do without: two kilobytes appended and brought to disk.</summary>
    private static TimeSpan Flush()
    {
        using var workspace = new BenchWorkspace();
        using var stream = new FileStream(Path.Combine(workspace.Folder, "flushed"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
        var bytes = new byte[2_048];
        return Measure.Run(50, () =>
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
            return stream.Position;
        }).Median;
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private sealed class Silent : IStepProgress
    {
        public void Report(string text, long? done, long? total)
        {
        }
    }
}
