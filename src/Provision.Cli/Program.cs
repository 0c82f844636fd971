namespace Provision.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var signals = new StopSignals();
        signals.Register();
        return await new CliProgram(IoContext.OfProcess(), TimeProvider.System, Composition.OfProduct()).RunAsync(arguments, signals);
    }
}
