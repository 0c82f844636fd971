using System.CommandLine;
using Provision.Engine.Diagnostics;
using Provision.Engine.State;

namespace Provision.Cli.Commands.State;

/// <summary>What all edits of a state have in common: ask, open with the lock, edit, show what came of it, commit.</summary>
internal abstract class StateEditCommand : ProvisionCommand
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    private protected StateEditCommand(CommandRunner runner, string name, string description) : base(runner, name, description) => Add(_yes);

    /// <summary>Whether a broken state may be opened.</summary>
    private protected virtual bool SkipChecks => false;

    /// <summary>What is asked before anything is changed.</summary>
    private protected abstract string Question(Invocation invocation);

    private protected abstract StateEdit Edit(Invocation invocation, Snapshot snapshot);

    public sealed override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var yes = invocation.Parse.GetValue(_yes);
        Questions.RefuseWithoutTerminal(invocation, yes);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        await using var session = await workspace.OpenAsync(stack, $"state {Name}", write: true, invocation.Token, skipChecks: SkipChecks);
        var edit = Edit(invocation, session.Snapshot);
        if (!Show(invocation, edit.Diagnostics))
        {
            return ExitCode.Error;
        }

        Questions.Demand(invocation, yes, Question(invocation));
        await session.CommitAsync(edit.Snapshot, StateRecord.Of(invocation, "import", $"state {Name}"), CancellationToken.None);
        invocation.Out.Line("Done; nothing real was touched.");
        return ExitCode.Success;
    }

    /// <summary>Whether none of them is an error.</summary>
    internal static bool Show(Invocation invocation, IEnumerable<Diagnostic> diagnostics)
    {
        var succeeded = true;
        foreach (var diagnostic in diagnostics)
        {
            invocation.Show(diagnostic);
            succeeded &= diagnostic.Severity != Severity.Error;
        }

        return succeeded;
    }
}
