using System.Collections.Immutable;
using Provision.Model;
using Provision.Model.Fit;
using Provision.Providers.Lowering;

namespace Provision.Benchmarks;

/// <summary>From a model of thousands of containers to goals.</summary>
internal static class ModelCases
{
    public static void Run(Report report)
    {
        report.Table("Model", "operation", "containers", "time (min – max)", "µs each", "to the size before", "allocated each");
        double check = 0, lower = 0, fit = 0;
        foreach (var size in new[] { 50, 500, 5_000 })
        {
            var stack = new Bench { Containers = size }.Define();
            var context = new LoweringContext { Project = BenchStack.Project, StackName = BenchStack.Stack, WorkspaceFolder = Path.GetTempPath() };
            if (StackCheck.Run(stack, BenchStack.Stack).FirstOrDefault() is { } problem)
            {
                throw new InvalidOperationException($"The stack is wrong: {problem}");
            }

            for (var i = 0; i < 20 && size == 50; i++)
            {
                StackCheck.Run(stack, BenchStack.Stack);
                StackLowering.Lower(stack, context);
            }

            check = Row("StackCheck", size, Measure.Run(7, () => StackCheck.Run(stack, BenchStack.Stack)), check);
            fit = Row("fit", size, Measure.Run(7, () => StackFit.Of(stack, BenchStack.Stack, ImmutableDictionary<string, HostCapacity>.Empty)), fit);
            lower = Row("lowering", size, Measure.Run(7, () => StackLowering.Lower(stack, context)), lower);
        }

        double Row(string operation, int size, Sample sample, double before)
        {
            var each = sample.Median.TotalMicroseconds / size;
            report.Row(
                operation, Report.Number(size, "0"), Report.Times(sample), Report.Number(each, "0.0"), before > 0 ? Report.Number(each / before) : "",
                Report.Bytes((double)sample.Allocated / size));
            return each;
        }
    }
}
