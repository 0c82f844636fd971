using System.CommandLine;
using Provision.Cli.Rendering;
using Provision.Cli.Topology;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack graph</c>: a picture of what contains what.</summary>
internal sealed class StackGraphCommand : ProvisionCommand
{
    private readonly StackArgument _stack = new();

    private readonly Option<string> _format = new Option<string>("--format") { Description = "mermaid, dot or svg (default: mermaid)", HelpName = "format", DefaultValueFactory = _ => "mermaid" }
        .AcceptOnlyFromAmong("mermaid", "dot", "svg");

    private readonly Option<bool> _changes = new("--changes") { Description = "Also show what `up` would do, for which it plans as `preview` does" };

    private readonly OperationOptions _options = new();

    public StackGraphCommand(CommandRunner runner) : base(runner, "graph", "Draw hosts, hypervisors, machines, containers and their networks")
    {
        Add(_stack);
        AddAll(_format, _changes, _options.Refresh, _options.Config);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        var goals = await invocation.Composition.ReadGoals(invocation, workspace, stack, [.. invocation.Parse.GetValue(_options.Config) ?? []], invocation.Token);
        var items = TopologyItem.Of(goals.Goals);
        if (invocation.Parse.GetValue(_changes))
        {
            await using var session = await workspace.OpenAsync(stack, "preview", write: false, invocation.Token, create: true);
            var options = OperationFlow.OptionsFor(_options.Read(invocation.Parse), Operation.Up, workspace, stack) with { DryRun = true };
            var result = await EngineRun.RunAsync(invocation, workspace, options, goals.Goals, session.Snapshot, NoJournal.Instance, EngineOutput.Progress);
            if (result.Outcome != OperationOutcome.Succeeded)
            {
                invocation.Error.Lines(result.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Info).SelectMany(DiagnosticView.Lines));
                return ExitCodes.Of(result);
            }

            items = TopologyItem.Of(result.Plan);
        }

        var nodes = TopologyBuilder.Build(items);
        invocation.WriteText(invocation.Parse.GetValue(_format) switch
        {
            "svg" => TopologySvg.Text(nodes, stack),
            "dot" => TopologyDot.Text(nodes),
            _ => TopologyMermaid.Text(nodes),
        });
        return ExitCode.Success;
    }
}
