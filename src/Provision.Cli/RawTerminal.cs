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

    /// <summary>Null where there is no terminal or no <c>stty</c>: lines then go over whole, which is better than nothing.</summary>
    public static async Task<RawTerminal?> EnterAsync(CancellationToken cancellationToken)
    {
        if (await RunAsync(["-g"], cancellationToken) is not { Length: > 0 } before)
        {
            return null;
        }

        var terminal = new RawTerminal(before);
        try
        {
            await RunAsync(["raw", "-echo"], cancellationToken);
            return terminal;
        }
        catch
        {
            await terminal.DisposeAsync();
            throw;
        }
    }

    // Without a token: whatever happened, the terminal has to be given back as it was.
    public async ValueTask DisposeAsync() => await RunAsync([_before], CancellationToken.None);

    /// <summary>What it says; null where it fails.</summary>
    private static async Task<string?> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        // It gets none of our streams: when a child that has the terminal for one ends, the runtime sets the terminal its own way again.
        var start = new ProcessStartInfo("sh", ["-c", "exec stty \"$@\" </dev/tty", "stty", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start) ?? throw new Win32Exception("sh did not start.");
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await errors;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
