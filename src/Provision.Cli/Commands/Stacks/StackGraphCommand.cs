using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Provision.Cli.Rendering;
using Provision.Cli.Topology;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack graph</c>: what stands in what, and on which networks. Without changes it reads the definition and nothing else.</summary>
internal sealed class StackGraphCommand : ProvisionCommand
{
    private const string Mermaid = "mermaid";
    private const string Dot = "dot";
    private const string Svg = "svg";

    private readonly StackArgument _stack = new();
    private readonly Option<string> _format = new("--format") { Description = "What to write: mermaid, dot or svg", HelpName = "format", DefaultValueFactory = _ => Mermaid };
    private readonly Option<bool> _changes = new("--changes") { Description = "Look at reality and colour what `up` would do" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write to this file instead of stdout", HelpName = "file" };
    private readonly OperationOptions _options = new();

    public StackGraphCommand(CommandRunner runner) : base(runner, "graph", "Draw a stack: hosts, hypervisors, machines, containers, networks")
    {
        _format.AcceptOnlyFromAmong(Mermaid, Dot, Svg);
        Add(_stack);
        AddAll(_format, _changes, _output, _options.Config);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var settings = _options.Read(invocation.Parse);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        var goals = invocation.Composition.ReadGoals(invocation, workspace, stack, settings.Config, invocation.Token);
        if (!invocation.Parse.GetValue(_changes))
        {
            Write(invocation, TopologyTree.Build(TopologyItems.Of(goals.Goals)), stack);
            return ExitCode.Success;
        }

        await using var session = await workspace.OpenAsync(stack, "graph", write: false, invocation.Token, create: true);
        var options = OperationFlow.OptionsFor(settings, Operation.Up, workspace, stack) with { DryRun = true };
        var preview = await EngineRun.RunAsync(invocation, workspace, options, goals.Goals, session.Snapshot, NoJournal.Instance, EngineOutput.Progress);
        invocation.Error.Lines(preview.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Info).SelectMany(DiagnosticView.Lines));
        if (preview.Outcome == OperationOutcome.Succeeded)
        {
            Write(invocation, TopologyTree.Build(TopologyItems.Of(preview.Plan)), stack);
        }

        return ExitCodes.Of(preview);
    }

    private void Write(Invocation invocation, ImmutableArray<TopologyNode> roots, string stack)
    {
        var text = invocation.Parse.GetValue(_format) switch
        {
            Svg => TopologySvg.Of(TopologyLayout.Of(roots), stack),
            Dot => TopologyDot.Of(roots, stack),
            _ => TopologyMermaid.Of(roots),
        };
        if (invocation.Parse.GetValue(_output) is not { } file)
        {
            invocation.WriteText(text);
            return;
        }

        try
        {
            File.WriteAllText(Path.GetFullPath(file, invocation.Io.CurrentFolder), text + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Error, CliDiagnostics.Unreadable(file, exception.Message));
        }
    }
}
