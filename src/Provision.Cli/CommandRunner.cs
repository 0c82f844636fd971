using System.CommandLine;
using Provision.Cli.Commands;
using Provision.Cli.Rendering;
using Provision.Cli.Review.Worker;

namespace Provision.Cli;

/// <summary>Runs one command and turns whatever comes of it into an exit code. The only place that catches everything.</summary>
internal sealed class CommandRunner(IoContext io, TimeProvider clock, Composition composition, GlobalOptions globals, StopSignals signals, WorkerAhead? ahead)
{
    public async Task<int> RunAsync(ParseResult parse, ProvisionCommand command)
    {
        var invocation = new Invocation(io, clock, composition, parse, globals, signals) { WorkerAhead = ahead };
        try
        {
            return (int)await command.RunAsync(invocation);
        }
        catch (Exception exception)
        {
            var (code, diagnostics) = ExitCodes.Of(exception, signals.Tokens);
            invocation.Error.Lines(diagnostics.SelectMany(DiagnosticView.Lines));
            return (int)code;
        }
    }
}
