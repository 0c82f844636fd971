using System.CommandLine;
using Provision.Engine.State;

namespace Provision.Cli.Commands.State;

/// <summary><c>provision state delete</c>: forgets a resource; the real thing stays.</summary>
internal sealed class StateDeleteCommand : StateEditCommand
{
    private readonly Argument<string> _resource = new("resource") { Description = "URN or name" };
    private readonly Option<bool> _dependents = new("--target-dependents") { Description = "Also what depends on it" };
    private readonly Option<bool> _force = new("--force") { Description = "Also where it is protected" };

    public StateDeleteCommand(CommandRunner runner) : base(runner, "delete", "Forget a resource; the real thing stays")
    {
        Aliases.Add("rm");
        Add(_resource);
        AddAll(_dependents, _force);
    }

    private protected override string Question(Invocation invocation) => $"Forget '{invocation.Parse.GetValue(_resource)}'? The real thing stays, and nobody looks after it.";

    private protected override StateEdit Edit(Invocation invocation, Snapshot snapshot) => StateEdits.Delete(
        snapshot, ResourceLookup.Find(snapshot, invocation.Parse.GetRequiredValue(_resource)), invocation.Parse.GetValue(_dependents), invocation.Parse.GetValue(_force));
}
