using System.CommandLine;
using Provision.Cli.Rendering;
using Provision.Cli.Review.Worker;
using Provision.Engine.Diagnostics;

namespace Provision.Cli;

/// <summary>One call of one command: what was parsed, the streams, the clock and the way to stop it.</summary>
internal sealed class Invocation
{
    private readonly GlobalOptions _globals;

    public Invocation(IoContext io, TimeProvider clock, Composition composition, ParseResult parse, GlobalOptions globals, StopSignals signals)
    {
        (Io, Clock, Composition, Parse, Signals, _globals) = (io, clock, composition, parse, signals, globals);
        var color = parse.GetValue(globals.Color);
        Out = new Screen(io.Out, ColorChoice.Decide(color, io.OutIsTerminal, io.Environment), io.Width, io.Height);
        Error = new Screen(io.Error, ColorChoice.Decide(color, io.ErrorIsTerminal, io.Environment), io.Width, io.Height);
        Folder = Path.GetFullPath(parse.GetValue(globals.Folder) ?? ".", io.CurrentFolder);
    }

    public IoContext Io { get; }

    public TimeProvider Clock { get; }

    public Composition Composition { get; }

    public ParseResult Parse { get; }

    public StopSignals Signals { get; }

    /// <summary>The worker that was started for a review before the command line was read; null where there is none.</summary>
    public WorkerAhead? WorkerAhead { get; init; }

    /// <summary>Cancelled by the first signal: enough for whatever does not act on the world.</summary>
    public CancellationToken Token => Signals.Tokens.Stop;

    /// <summary>Results.</summary>
    public Screen Out { get; }

    /// <summary>Progress, questions and diagnostics.</summary>
    public Screen Error { get; }

    /// <summary>Where to look for the workspace, upward.</summary>
    public string Folder { get; }

    public bool IsCi => ColorChoice.IsCi(Io.Environment);

    /// <summary>Whether somebody is there who can be asked.</summary>
    public bool CanAsk => Io.InIsTerminal && Io.ErrorIsTerminal && !IsCi && !Parse.GetValue(_globals.NonInteractive);

    /// <summary>Whether progress is redrawn in place.</summary>
    public bool CanRedraw => Io.ErrorIsTerminal && !IsCi && Io.Environment("TERM") != "dumb";

    /// <summary>Whether to propose what to type next.</summary>
    public bool ShowsHints => !IsCi && string.IsNullOrEmpty(Io.Environment("PROVISION_IN_AUTOMATION"));

    /// <summary>The stack that <c>--stack</c> names.</summary>
    public string? StackOption => Parse.GetValue(_globals.Stack);

    public void Show(Diagnostic diagnostic) => Error.Lines(DiagnosticView.Lines(diagnostic));

    /// <summary>Writes a result as it is, such as JSON, with a line end.</summary>
    public void WriteText(string text)
    {
        Io.Out.Write(text);
        Io.Out.Write('\n');
        Io.Out.Flush();
    }
}
