using Provision.Cli.Review.Worker;

namespace Provision.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [ReviewWorker.Argument])
        {
            // It takes no signals: whoever started it ends it.
            return await ReviewWorker.OfProcess(Composition.OfProduct()).RunAsync(CancellationToken.None);
        }

        // Before all else, since nothing takes as long.
        using var ahead = WorkerAhead.For(arguments);
        using var signals = new StopSignals();
        signals.Register();
        return await new CliProgram(IoContext.OfProcess(), TimeProvider.System, Composition.OfProduct(), ahead).RunAsync(arguments, signals);
    }
}
