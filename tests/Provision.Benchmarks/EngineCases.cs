using Provision.Engine;
using Provision.Engine.Planning;
using Provision.Engine.State;

namespace Provision.Benchmarks;

/// <summary>Plan and apply on a provider that does nothing, by size and by shape: what does it cost a resource, and is that the same for all sizes?</summary>
internal static class EngineCases
{
    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    public static async Task RunAsync(Report report)
    {
        foreach (var shape in Enum.GetValues<Shape>())
        {
            await WarmUpAsync(shape);
        }

        report.Table("Engine on a provider that does nothing", "operation", "shape", "resources", "time (min – max)", "µs a resource", "to the size before", "allocated a resource", "kept");
        foreach (var shape in Enum.GetValues<Shape>())
        {
            double plan = 0, create = 0, up = 0, replace = 0, destroy = 0;
            foreach (var size in Sizes)
            {
                var goals = BenchStack.Goals(size, shape);
                var repetitions = size > 10_000 ? (shape == Shape.Flat ? 3 : 1) : 5;
                var snapshot = (await BenchRun.RunAsync(Operation.Up, goals, Snapshot.Empty, dryRun: false)).Snapshot;
                var same = await Measure.RunAsync(repetitions, () => SameAsync(goals, snapshot));
                plan = Row(report, "plan, nothing changes", shape, size, same, plan);
                if (shape == Shape.Flat && size > 1_000)
                {
                    report.Budget($"plan of {size:N0} resources".Replace(',', ' '), size / 10_000, same.Median.TotalSeconds, "s");
                }

                create = Row(report, "plan, all new", shape, size, await Measure.RunAsync(repetitions, () => BenchRun.RunAsync(Operation.Up, goals, Snapshot.Empty, dryRun: true)), create);
                up = Row(report, "up, all new", shape, size, await Measure.RunAsync(repetitions, () => BenchRun.RunAsync(Operation.Up, goals, Snapshot.Empty, dryRun: false)), up);
                if (shape == Shape.Flat)
                {
                    var renamed = Renamed(goals);
                    replace = Row(report, "up, all replaced", shape, size, await Measure.RunAsync(size > 10_000 ? 1 : 3, () => BenchRun.RunAsync(Operation.Up, renamed, snapshot, dryRun: false)), replace);
                }

                destroy = Row(report, "destroy", shape, size, await Measure.RunAsync(repetitions, () => BenchRun.RunAsync(Operation.Destroy, [], snapshot, dryRun: false)), destroy);
            }
        }
    }

    private static async Task<DeploymentResult> SameAsync(List<Engine.Resources.ResourceGoal> goals, Snapshot snapshot)
    {
        var result = await BenchRun.RunAsync(Operation.Up, goals, snapshot, dryRun: true);
        return result.Plan.HasChanges ? throw new InvalidOperationException("Nothing should change.") : result;
    }

    /// <summary>The same goals under other physical names: each is made anew.</summary>
    private static List<Engine.Resources.ResourceGoal> Renamed(List<Engine.Resources.ResourceGoal> goals) =>
        [.. goals.Select(goal => goal.Inputs.Find("name") is { } name ? goal with { Inputs = goal.Inputs.With("name", $"{name}-new") } : goal)];

    private static async Task WarmUpAsync(Shape shape)
    {
        var goals = BenchStack.Goals(1_000, shape);
        for (var i = 0; i < 5; i++)
        {
            var snapshot = (await BenchRun.RunAsync(Operation.Up, goals, Snapshot.Empty, dryRun: false)).Snapshot;
            await SameAsync(goals, snapshot);
            await BenchRun.RunAsync(Operation.Destroy, [], snapshot, dryRun: false);
        }
    }

    private static double Row(Report report, string operation, Shape shape, int size, Sample sample, double before)
    {
        var each = sample.Median.TotalMicroseconds / size;
        report.Row(
            operation, shape.ToString().ToLowerInvariant(), Report.Number(size, "#,0").Replace(',', ' '), Report.Times(sample), Report.Number(each, "0.0"),
            before > 0 ? Report.Number(each / before) : "", Report.Bytes((double)sample.Allocated / size), Report.Bytes(sample.Kept));
        return each;
    }
}
