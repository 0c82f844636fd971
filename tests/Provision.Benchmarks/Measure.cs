using System.Diagnostics;

namespace Provision.Benchmarks;

/// <summary>What several repetitions of one operation took.</summary>
/// <param name="Times">One a repetition, sorted.</param>
/// <param name="Allocated">Bytes allocated by one repetition.</param>
/// <param name="Kept">Bytes the result holds on to beyond what was there before.</param>
internal sealed record Sample(TimeSpan[] Times, long Allocated, long Kept)
{
    public TimeSpan Median => Times[Times.Length / 2];

    public TimeSpan Min => Times[0];

    public TimeSpan Max => Times[^1];
}

/// <summary>Times whole operations. Budgets are judged by ratios, for the machine is shared.</summary>
internal static class Measure
{
    public static async Task<Sample> RunAsync<T>(int repetitions, Func<Task<T>> operation)
    {
        var times = new TimeSpan[repetitions];
        long allocated = 0, kept = 0;
        for (var i = 0; i < repetitions; i++)
        {
            (times[i], allocated, var held) = await OnceAsync(operation);
            kept = Math.Max(kept, held);
        }

        Array.Sort(times);
        return new Sample(times, allocated, Math.Max(0, kept));
    }

    public static Sample Run<T>(int repetitions, Func<T> operation) => RunAsync(repetitions, () => Task.FromResult(operation())).GetAwaiter().GetResult();

    /// <summary>A method of its own, so that one repetition's result is gone when the next one's baseline is taken.</summary>
    private static async Task<(TimeSpan Time, long Allocated, long Kept)> OnceAsync<T>(Func<Task<T>> operation)
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        var result = await operation();
        var time = Stopwatch.GetElapsedTime(started);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - heap;
        GC.KeepAlive(result);
        return (time, allocated, kept);
    }
}
