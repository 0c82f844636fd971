using System.CommandLine;
using Provision.Engine.State;

namespace Provision.Cli.Commands.State;

/// <summary><c>provision state rename</c>: another logical name; the real thing keeps its own.</summary>
internal sealed class StateRenameCommand : StateEditCommand
{
    private readonly Argument<string> _resource = new("resource") { Description = "URN or name" };
    private readonly Argument<string> _name = new("new-name") { Description = "Its new name" };

    public StateRenameCommand(CommandRunner runner) : base(runner, "rename", "Give a resource another name in the state")
    {
        Add(_resource);
        Add(_name);
    }

    private protected override string Question(Invocation invocation) => $"Rename '{invocation.Parse.GetValue(_resource)}' to '{invocation.Parse.GetValue(_name)}' in the state?";

    private protected override StateEdit Edit(Invocation invocation, Snapshot snapshot) => StateEdits.RenameResource(
        snapshot, ResourceLookup.Find(snapshot, invocation.Parse.GetRequiredValue(_resource)), invocation.Parse.GetRequiredValue(_name));
}
