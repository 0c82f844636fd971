using System.Collections.Immutable;
using Provision.Cli.Projects;
using Provision.Engine;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.State;

namespace Provision.Cli;

/// <summary>The one mapping of what happened to exit codes and messages.</summary>
internal static class ExitCodes
{
    // Codes of EngineDiagnostics. A declaration or a flag that is wrong is found while planning; the others come of acting.
    private static readonly ImmutableHashSet<string> Declaration =
        ["PROV1500", "PROV1501", "PROV1502", "PROV1503", "PROV1504", "PROV1505", "PROV1513", "PROV1514", "PROV1515", "PROV1516", "PROV1517", "PROV1520"];

    private static readonly ImmutableHashSet<string> Acting = ["PROV1508", "PROV1509", "PROV1510", "PROV1511", "PROV1512"];

    private const string TimedOut = "PROV1512";

    /// <summary>
    /// Of an operation. Cancelled before all; a timeout only where every failure is one; a resource where any is; configuration where
    /// all are mistakes of the declaration.
    /// </summary>
    public static ExitCode Of(DeploymentResult result)
    {
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.Code).ToArray();
        return result.Outcome switch
        {
            OperationOutcome.Succeeded => ExitCode.Success,
            OperationOutcome.Cancelled => ExitCode.Cancelled,
            _ when errors.Length > 0 && errors.All(code => code == TimedOut) => ExitCode.Timeout,
            _ when errors.Any(Acting.Contains) => ExitCode.Resource,
            _ when errors.Length > 0 && errors.All(Declaration.Contains) => ExitCode.Configuration,
            _ when errors.Length == 0 && !result.Failed.IsEmpty => ExitCode.Resource,
            _ => ExitCode.Error,
        };
    }

    /// <summary>Of a command that ended with an exception, and what to say about it.</summary>
    public static (ExitCode Code, ImmutableArray<Diagnostic> Diagnostics) Of(Exception exception, StopTokens stop) => exception switch
    {
        CliException ended => (ended.Code, ended.Diagnostics),
        OperationCanceledException when stop.Stop.IsCancellationRequested => (ExitCode.Cancelled, [CliDiagnostics.Interrupted()]),
        WorkspaceException wrong => (wrong is Projects.StackNotFoundException ? ExitCode.StackNotFound : ExitCode.Configuration, wrong.Diagnostics),
        SnapshotIntegrityException broken => (ExitCode.Error, [broken.Diagnostic, .. broken.Violations]),
        StateException wrong => (OfState(wrong), [wrong.Diagnostic]),
        ProviderException failed => (OfFailure(failed.Failure), [OfProvider(failed)]),
        UnauthorizedAccessException or IOException => (ExitCode.Error, [CliDiagnostics.Unreadable("Files", exception.Message)]),
        _ => (ExitCode.Internal, [CliDiagnostics.Bug(exception)]),
    };

    private static ExitCode OfState(StateException exception) => exception switch
    {
        Engine.State.StackNotFoundException => ExitCode.StackNotFound,
        SecretsException => ExitCode.Authentication,
        BackendException => ExitCode.Configuration,
        _ => ExitCode.Error,
    };

    private static ExitCode OfFailure(ProviderFailure failure) => failure switch
    {
        ProviderFailure.Unauthorized => ExitCode.Authentication,
        ProviderFailure.Timeout => ExitCode.Timeout,
        _ => ExitCode.Resource,
    };

    private static Diagnostic OfProvider(ProviderException failed) =>
        new(Severity.Error, "PROV1920", "An endpoint did not do what was asked", failed.Message, failed.Remedy);
}
