using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Provision.Cli;

/// <summary>Everything the program knows of the terminal and the process around it; tests hand in their own.</summary>
internal sealed record IoContext
{
    /// <summary>Opens <see cref="In"/>; what never reads need not wait for it.</summary>
    public required Func<TextReader> OpenReader { get; init; }

    public TextReader In => field ??= OpenReader();

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Reads a line without showing it; null at the end of input.</summary>
    public required Func<string?> ReadHidden { get; init; }

    /// <summary>Standard input and output as bytes, for programs in containers.</summary>
    public required Func<Stream> OpenIn { get; init; }

    /// <summary>The terminal's keys as they come, for whoever has made it raw.</summary>
    public required Func<Stream> OpenKeys { get; init; }

    public required Func<Stream> OpenOut { get; init; }

    public required Func<Stream> OpenError { get; init; }

    /// <summary>Runs a program on our own streams and terminal, and returns its exit code.</summary>
    public required Func<ProcessStartInfo, CancellationToken, Task<int>> RunProgram { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public required string CurrentFolder { get; init; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public int Width { get; init; } = 80;

    public int Height { get; init; } = 24;

    public static IoContext OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected || !Console.IsErrorRedirected;
        return new IoContext
        {
            OpenReader = () => Console.In,
            // Own writers: the console's follow the locale, and in a "C" one every arrow would be a question mark.
            Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true },
            Error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true },
            ReadHidden = ReadHiddenLine,
            OpenIn = Console.OpenStandardInput,
            // The console's own stream edits lines on a terminal, and gives them on when they end.
            OpenKeys = () => new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0),
            OpenOut = Console.OpenStandardOutput,
            OpenError = Console.OpenStandardError,
            RunProgram = Programs.RunAsync,
            Environment = System.Environment.GetEnvironmentVariable,
            CurrentFolder = System.Environment.CurrentDirectory,
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            // A terminal that does not say how large it is says 0.
            Width = isTerminal && Console.WindowWidth is > 0 and var width ? width : 80,
            Height = isTerminal && Console.WindowHeight is > 0 and var height ? height : 24,
        };
    }

    private static string? ReadHiddenLine()
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine();
        }

        var line = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return line.ToString();
                case ConsoleKey.Backspace when line.Length > 0:
                    line.Length--;
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        line.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
