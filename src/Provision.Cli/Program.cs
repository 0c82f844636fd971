using Provision.Cli.Review.Worker;

namespace Provision.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var signals = new StopSignals();
        signals.Register();
        if (arguments is [ReviewWorker.Argument])
        {
            return await ReviewWorker.OfProcess(Composition.OfProduct()).RunAsync(signals.Tokens.Stop);
        }

        return await new CliProgram(IoContext.OfProcess(), TimeProvider.System, Composition.OfProduct()).RunAsync(arguments, signals);
    }
}
