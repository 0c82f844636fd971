using System.Collections.Immutable;
using System.CommandLine;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli.Commands.State;

/// <summary><c>provision state move</c>: resources go over to another stack's state, with all below them.</summary>
internal sealed class StateMoveCommand : ProvisionCommand
{
    private readonly Argument<string[]> _resources = new("resource") { Description = "URNs or names", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _target = new("--dest") { Description = "The stack they go to", HelpName = "stack", Required = true };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    public StateMoveCommand(CommandRunner runner) : base(runner, "move", "Move resources to another stack's state")
    {
        Aliases.Add("mv");
        Add(_resources);
        AddAll(_target, _yes);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var yes = invocation.Parse.GetValue(_yes);
        Questions.RefuseWithoutTerminal(invocation, yes);
        var workspace = Workspace.Find(invocation);
        var destination = Projects.StackName.Check(invocation.Parse.GetRequiredValue(_target));
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        await using var from = await workspace.OpenAsync(stack, "state move", write: true, invocation.Token);
        await using var to = await workspace.OpenAsync(destination, "state move", write: true, invocation.Token, create: true);
        ImmutableArray<Urn> urns = [.. invocation.Parse.GetRequiredValue(_resources).Select(text => ResourceLookup.Find(from.Snapshot, text))];
        var move = StateEdits.Move(from.Snapshot, to.Snapshot, urns, workspace.NameOf(destination));
        if (!StateEditCommand.Show(invocation, move.Diagnostics))
        {
            return ExitCode.Error;
        }

        Questions.Demand(invocation, yes, $"Move {urns.Length} resources from '{stack}' to '{destination}'?");

        // The receiving stack first: should the second commit fail, a resource is in both rather than in none.
        await to.CommitAsync(move.Target, StateRecord.Of(invocation, "import", "state move"), CancellationToken.None);
        await from.CommitAsync(move.Source, StateRecord.Of(invocation, "import", "state move"), CancellationToken.None);
        invocation.Out.Line("Done; nothing real was touched.");
        return ExitCode.Success;
    }
}
