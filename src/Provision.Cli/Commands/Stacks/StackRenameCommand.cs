using System.CommandLine;
using Provision.Cli.Projects;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack rename</c>: the state, its URNs and the settings file take the new name.</summary>
internal sealed class StackRenameCommand : ProvisionCommand
{
    private readonly Argument<string> _name = new("new-name") { Description = "The stack's new name" };

    public StackRenameCommand(CommandRunner runner) : base(runner, "rename", "Give a stack another name") => Add(_name);

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        var name = StackName.Check(invocation.Parse.GetRequiredValue(_name));
        var (from, to) = (StackConfigFile.PathOf(workspace.Project, stack), StackConfigFile.PathOf(workspace.Project, name));
        if (File.Exists(to))
        {
            throw new CliException(ExitCode.Error, CliDiagnostics.Unreadable(to, "it is there already, and would be overwritten."));
        }

        await using (var session = await workspace.OpenAsync(stack, "rename", write: true, invocation.Token))
        {
            await session.RenameAsync(workspace.NameOf(name), CancellationToken.None);
        }

        if (File.Exists(from))
        {
            File.Move(from, to);
        }

        invocation.Out.Line($"Renamed '{stack}' to '{name}'.");
        invocation.Error.Line(
            $"Its definition is found by the stack's name: rename its class to match, or run `provision config set {StackConfigFile.DefinitionKey} <class> -s {name}`.");
        return ExitCode.Success;
    }
}
