using System.CommandLine;
using Provision.Engine.State;

namespace Provision.Cli.Commands;

/// <summary><c>provision cancel</c>: removes the lock of a run that is no more.</summary>
internal sealed class CancelCommand : ProvisionCommand
{
    private readonly StackArgument _stack = new();
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    public CancelCommand(CommandRunner runner) : base(runner, "cancel", "Remove the lock of a run that is no more")
    {
        Add(_stack);
        Add(_yes);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var yes = invocation.Parse.GetValue(_yes);
        Questions.RefuseWithoutTerminal(invocation, yes);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        Questions.Demand(invocation, yes, $"Remove the lock of '{stack}'? A run that still holds it stops where it is.");
        var removed = await StackLock.CancelAsync(workspace.Backend, workspace.NameOf(stack), invocation.Token);
        foreach (var holder in removed)
        {
            invocation.Out.Line($"Removed the lock of {holder.Describe(invocation.Clock.GetUtcNow())}.");
        }

        if (removed.IsEmpty)
        {
            invocation.Out.Line($"'{stack}' is not locked.");
        }

        return ExitCode.Success;
    }
}
