using System.CommandLine;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack init</c>: a recorded stack without resources; <c>up</c> makes one by itself.</summary>
internal sealed class StackInitCommand : ProvisionCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The new stack's name" };

    public StackInitCommand(CommandRunner runner) : base(runner, "init", "Record a stack without resources")
    {
        Aliases.Add("new");
        Add(_name);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var name = workspace.NameOf(Projects.StackName.Check(invocation.Parse.GetRequiredValue(_name)));
        await workspace.Backend.CreateAsync(name, LockHolder.Current(), invocation.Clock, invocation.Composition.NewId, invocation.Token);
        invocation.Out.Line($"Recorded the stack '{name.Name}'.");
        return ExitCode.Success;
    }
}
