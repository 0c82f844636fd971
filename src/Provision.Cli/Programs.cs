using System.Diagnostics;
using System.Globalization;

namespace Provision.Cli;

/// <summary>Programs of the system that we start.</summary>
internal static class Programs
{
    /// <summary>Where a program is, as the PATH tells.</summary>
    /// <exception cref="CliException">It is nowhere.</exception>
    public static string Find(IoContext io, string name, string package) =>
        TryFind(io.Environment("PATH"), name) ?? throw new CliException(ExitCode.Error, CliDiagnostics.ProgramMissing(name, package));

    /// <summary>Administrators' folders too, which the PATH of an ordinary user leaves out.</summary>
    public static string? TryFind(string? path, string name) => (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(["/usr/sbin", "/sbin"])
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program on our own streams. Where we are told to stop, so is it.</summary>
    public static async Task<int> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start) ?? throw new IOException($"{start.FileName} did not start.");
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A program that holds the terminal has to put it back as it was: it is asked, not killed. Ctrl+C has reached it by itself.
            // What `kill` says of one that has ended is of no interest.
            var ask = new ProcessStartInfo("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true };
            using var kill = Process.Start(ask) ?? throw new IOException("kill did not start.");
            await kill.WaitForExitAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return process.ExitCode;
    }
}
