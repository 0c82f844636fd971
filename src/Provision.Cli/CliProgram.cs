using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Provision.Cli.Commands;
using Provision.Cli.Rendering;
using Provision.Cli.Review.Worker;

namespace Provision.Cli;

/// <summary>The whole program over given streams: <c>Main</c> runs it on the process's, tests on their own.</summary>
/// <param name="ahead">A worker that was started already; null where there is none.</param>
internal sealed class CliProgram(IoContext io, TimeProvider clock, Composition composition, WorkerAhead? ahead = null)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, StopSignals signals)
    {
        // The budget of a start is 0.15 s, and this needs nothing of what follows.
        if (arguments is ["--version"])
        {
            await io.Out.WriteLineAsync(VersionCommand.Version);
            return (int)ExitCode.Success;
        }

        var globals = new GlobalOptions();
        var runner = new CommandRunner(io, clock, composition, globals, signals, ahead);
        var root = CliRoot.Create(io, runner, globals, arguments is [var first, ..] ? first : null);
        FitHelp(root);
        var parse = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
        {
            return ShowParseErrors(parse, root);
        }

        return await parse.InvokeAsync(new InvocationConfiguration
        {
            Output = io.Out,
            Error = io.Error,
            EnableDefaultExceptionHandler = false,
            // StopSignals is the only ladder.
            ProcessTerminationTimeout = null,
        });
    }

    private void FitHelp(RootCommand root)
    {
        foreach (var help in root.Options.OfType<HelpOption>().Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = Math.Max(40, io.Width);
        }
    }

    private int ShowParseErrors(ParseResult parse, RootCommand root)
    {
        var screen = new Screen(io.Error, ColorChoice.Decide(ColorOption.Auto, io.ErrorIsTerminal, io.Environment), io.Width, io.Height);
        var command = parse.CommandResult.Command;
        var path = string.Join(' ', Path(command, root).Prepend("provision"));
        var known = command.Subcommands.Select(sub => sub.Name)
            .Concat(command.Options.Concat(root.Options).Select(option => option.Name))
            .ToArray();
        // One word too many makes several errors of one mistake; the word itself says most.
        var unmatched = parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0]
            : parse.Errors.Count > 0 && parse.Tokens.FirstOrDefault(token => token is { Type: TokenType.Argument, Value: ['-', _, ..] }) is { } option ? option.Value
            : null;
        var errors = parse.Errors.Where(error => unmatched is null || error.Message.Contains($"'{unmatched}'", StringComparison.Ordinal)).ToArray();
        foreach (var error in errors.Length > 0 ? errors : [.. parse.Errors])
        {
            var suggestion = unmatched is null ? null : Suggestion.For(unmatched, known);
            screen.Lines(DiagnosticView.Lines(CliDiagnostics.CommandLine(error.Message, suggestion, path)));
        }

        return (int)ExitCode.Configuration;
    }

    private static Stack<string> Path(Command command, RootCommand root)
    {
        var names = new Stack<string>();
        for (var at = command; at is not null && at != root; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Push(at.Name);
        }

        return names;
    }
}
