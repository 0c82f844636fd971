using Provision.Model.Fit;

namespace Provision.Cli;

/// <summary>
/// Stops a stack that does not fit on its hosts, before its state is opened. Against a declared capacity any shortage counts, against what a host
/// reports of itself memory and disk; that machines share processors is normal and only <c>provision fit</c> shows it.
/// </summary>
internal static class FitGate
{
    /// <summary>The report of a stack, with what its hosts say of themselves; null where the goals are of no definition.</summary>
    public static FitReport? Read(Invocation invocation, StackGoalSet goals, string stack) => goals.Stack is { } declared
        ? StackFit.Of(declared, stack, declared.Hosts.DistinctBy(host => host.Name)
            .Select(host => (host.Name, Capacity: invocation.Composition.ReadCapacity(host.Address)))
            .Where(host => host.Capacity is not null)
            .ToDictionary(host => host.Name, host => host.Capacity ?? new(), StringComparer.Ordinal))
        : null;

    /// <param name="stops">A misfit ends the command; else it is a warning.</param>
    /// <exception cref="CliException">It does not fit.</exception>
    public static void Pass(Invocation invocation, StackGoalSet goals, string stack, bool stops)
    {
        if (Read(invocation, goals, stack) is not { } report)
        {
            return;
        }

        foreach (var host in report.Hosts.Where(host => host.Pools.IsShort))
        {
            invocation.Show(FitDiagnostics.PoolsShort(host));
        }

        if (report.Fits)
        {
            return;
        }

        var misfit = FitDiagnostics.Misfit(stack, report, stops);
        if (stops)
        {
            throw new CliException(ExitCode.Policy, misfit);
        }

        invocation.Show(misfit);
    }
}
