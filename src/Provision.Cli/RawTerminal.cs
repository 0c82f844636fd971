using System.ComponentModel;
using System.Diagnostics;

namespace Provision.Cli;

/// <summary>
/// The terminal passing every key on as it is, until disposed. Through <c>stty</c>: the runtime has no call for it, and termios differs from
/// platform to platform.
/// </summary>
internal sealed class RawTerminal : IAsyncDisposable
{
    private readonly string _before;

    private RawTerminal(string before) => _before = before;

    /// <summary>Null where there is no <c>stty</c>: lines then go over whole, which is better than nothing.</summary>
    public static async Task<RawTerminal?> EnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = (await RunAsync(["-g"], cancellationToken)).Trim();
            await RunAsync(["raw", "-echo"], cancellationToken);
            return before.Length > 0 ? new RawTerminal(before) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // Without a token: whatever happened, the terminal has to be given back as it was.
    public async ValueTask DisposeAsync() => await RunAsync([_before], CancellationToken.None);

    private static async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("stty", arguments) { RedirectStandardOutput = true })
            ?? throw new Win32Exception("stty did not start.");
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return output;
    }
}
