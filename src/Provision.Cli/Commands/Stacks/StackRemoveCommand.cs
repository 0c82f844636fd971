using System.CommandLine;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack rm</c>: forgets an empty stack; with <c>--force</c> one with resources, which then are nobody's.</summary>
internal sealed class StackRemoveCommand : ProvisionCommand
{
    private readonly StackArgument _stack = new();
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Also with resources in it; they stay where they are" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    public StackRemoveCommand(CommandRunner runner) : base(runner, "rm", "Forget a stack; its definition and settings stay")
    {
        Aliases.Add("remove");
        Add(_stack);
        AddAll(_force, _yes);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var yes = invocation.Parse.GetValue(_yes);
        Questions.RefuseWithoutTerminal(invocation, yes);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        Questions.Demand(invocation, yes, $"Forget the stack '{stack}' with its history?");
        await workspace.Backend.RemoveAsync(
            workspace.NameOf(stack), invocation.Parse.GetValue(_force), LockHolder.Current(), invocation.Clock, invocation.Composition.NewId, invocation.Token);
        invocation.Out.Line($"Forgot the stack '{stack}'. Its last state is in {workspace.Backend.BackupPath(workspace.NameOf(stack))}.");
        return ExitCode.Success;
    }
}
