using Provision.Engine.Resources;

namespace Provision.Cli.Workloads;

/// <summary>What a stack says of a workload, as its recorded inputs tell.</summary>
internal static class WorkloadWords
{
    /// <summary>Whether the stack says that it runs, so that the next <c>up</c> would start it.</summary>
    public static bool ShallRun(Workload workload) => workload.Kind == WorkloadKind.Machine
        ? Flag(workload, "running") ?? true
        : (Flag(workload, "mustRun") ?? true) && (Flag(workload, "start") ?? true);

    /// <summary>The limit of its shutdown; null where the stack names none.</summary>
    public static TimeSpan? ShutdownLimit(Workload workload) => workload.State.Inputs.Find("__shutdownSeconds") is PropertyValue.Number { Value: >= 0 } seconds
        ? TimeSpan.FromSeconds(seconds.Value)
        : null;

    public static string? Text(Workload workload, string input) => (workload.State.Inputs.Find(input) as PropertyValue.String)?.Value;

    private static bool? Flag(Workload workload, string input) => (workload.State.Inputs.Find(input) as PropertyValue.Bool)?.Value;
}
