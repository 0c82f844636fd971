using System.Collections.Immutable;
using Provision.Cli;
using Provision.Engine;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Cli;

public sealed class ExitCodeTests
{
    [Fact]
    public void The_table_is_pulumis() => Assert.Equal(
        ["0 Success", "1 Error", "2 Configuration", "3 Authentication", "4 Resource", "5 Policy", "6 StackNotFound", "7 ChangesFound", "8 Cancelled", "9 Timeout", "255 Internal"],
        Enum.GetValues<ExitCode>().Select(code => $"{(int)code} {code}"));

    [Theory]
    [InlineData(OperationOutcome.Succeeded, "", 0)]
    [InlineData(OperationOutcome.Cancelled, "PROV1510", 8)]
    [InlineData(OperationOutcome.Failed, "PROV1510", 4)]
    [InlineData(OperationOutcome.Failed, "PROV1511", 4)]
    [InlineData(OperationOutcome.Failed, "PROV1508", 4)]
    [InlineData(OperationOutcome.Failed, "PROV1512", 9)]
    [InlineData(OperationOutcome.Failed, "PROV1512 PROV1512", 9)]
    [InlineData(OperationOutcome.Failed, "PROV1512 PROV1510", 4)]
    [InlineData(OperationOutcome.Failed, "PROV1504", 2)]
    [InlineData(OperationOutcome.Failed, "PROV1513", 2)]
    [InlineData(OperationOutcome.Failed, "PROV1504 PROV1510", 4)]
    [InlineData(OperationOutcome.Failed, "PROV1506", 1)]
    [InlineData(OperationOutcome.Failed, "PROV1518", 1)]
    [InlineData(OperationOutcome.Failed, "", 1)]
    public void An_operation_ends_with(OperationOutcome outcome, string errors, int code)
    {
        var result = new DeploymentResult
        {
            Outcome = outcome,
            Plan = Plan.Empty,
            Snapshot = Snapshot.Empty,
            Diagnostics = [.. errors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(error => new Diagnostic(Severity.Error, error, "", ""))],
        };

        Assert.Equal(code, (int)ExitCodes.Of(result));
    }

    public static TheoryData<Exception, int> Exceptions => new()
    {
        { new CliException(ExitCode.ChangesFound, CliDiagnostics.ChangesFound(1)), 7 },
        { new ProviderException(ProviderFailure.Unauthorized, "", null, Remainder.Untouched.Value), 3 },
        { new ProviderException(ProviderFailure.Timeout, "", null, Remainder.Untouched.Value), 9 },
        { new ProviderException(ProviderFailure.Unreachable, "", null, Remainder.Untouched.Value), 4 },
        { new ProviderException(ProviderFailure.Refused, "", null, Remainder.Untouched.Value), 4 },
        { new ProviderException(ProviderFailure.Conflict, "", null, Remainder.Untouched.Value), 4 },
        { new Provision.Cli.Projects.WorkspaceException(CliDiagnostics.Declined()), 2 },
        { new Provision.Cli.Projects.StackNotFoundException(CliDiagnostics.Declined()), 6 },
        { new IOException("disk"), 1 },
        { new UnauthorizedAccessException("no"), 1 },
        { new InvalidOperationException("bug"), 255 },
        { new OperationCanceledException(), 255 },
    };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void An_exception_ends_with(Exception exception, int code) => Assert.Equal(code, (int)ExitCodes.Of(exception, StopTokens.None).Code);

    [Fact]
    public void A_cancellation_that_was_asked_for_is_8()
    {
        using var signals = new StopSignals();
        Assert.True(signals.Raise());

        Assert.Equal(8, (int)ExitCodes.Of(new OperationCanceledException(), signals.Tokens).Code);
    }

    [Fact]
    public void The_first_signal_stops_the_second_abandons_and_the_third_ends_the_process()
    {
        using var signals = new StopSignals();
        var stages = ImmutableArray.CreateBuilder<bool>();
        signals.StageReached += stages.Add;

        Assert.True(signals.Raise());
        Assert.True(signals.Tokens.Stop.IsCancellationRequested);
        Assert.False(signals.Tokens.Cancel.IsCancellationRequested);
        Assert.True(signals.Raise());
        Assert.True(signals.Tokens.Cancel.IsCancellationRequested);
        Assert.False(signals.Raise());
        Assert.Equal([false, true], stages);
    }
}
