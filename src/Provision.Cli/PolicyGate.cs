using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Model.Policies;
using Provision.Providers.Lowering;

namespace Provision.Cli;

/// <summary>Lets through what keeps the workspace's policies.</summary>
internal static class PolicyGate
{
    /// <summary>Shows what is against advice.</summary>
    /// <exception cref="CliException">Something is against a mandatory policy.</exception>
    public static void Pass(Invocation invocation, StackGoalSet goals)
    {
        var diagnostics = Diagnostics(goals);
        if (diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error))
        {
            throw new CliException(ExitCode.Policy, diagnostics);
        }

        foreach (var diagnostic in diagnostics)
        {
            invocation.Show(diagnostic);
        }
    }

    /// <summary>Errors for what mandatory policies forbid, warnings for the rest.</summary>
    public static ImmutableArray<Diagnostic> Diagnostics(StackGoalSet goals) => [.. goals.Violations.Select(Diagnostic)];

    private static Diagnostic Diagnostic(PolicyViolation violation) => violation.Enforcement == Enforcement.Mandatory
        ? new Diagnostic(
            Severity.Error, "PROV1960", "A policy forbids it", Words(violation), violation.Remedy ?? "Change the stack so that it keeps the policy, or the policy.", violation.Urn)
        : new Diagnostic(Severity.Warning, "PROV1961", "A policy advises against it", Words(violation), violation.Remedy, violation.Urn);

    private static string Words(PolicyViolation violation) =>
        $"Policy '{violation.Policy}': {(violation.Urn is { } urn ? urn.Name + " " : "")}{violation.Message}.";
}
