using System.Collections.Immutable;
using System.CommandLine;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli.Commands.State;

/// <summary><c>provision state protect</c> and <c>unprotect</c></summary>
internal sealed class StateProtectCommand : StateEditCommand
{
    private readonly Argument<string[]> _resources = new("resource") { Description = "URNs or names", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = new("--all") { Description = "All resources of the stack" };
    private readonly bool _protect;

    public StateProtectCommand(CommandRunner runner, bool protect)
        : base(runner, protect ? "protect" : "unprotect", protect ? "Keep resources from being deleted or replaced" : "Let resources be deleted and replaced again")
    {
        _protect = protect;
        Add(_resources);
        Add(_all);
        Validators.Add(result =>
        {
            if (result.GetValue(_all) == (result.GetValue(_resources) is { Length: > 0 }))
            {
                result.AddError("Name resources, or give --all.");
            }
        });
    }

    private protected override string Question(Invocation invocation) => $"{(_protect ? "Protect" : "Unprotect")} {(invocation.Parse.GetValue(_all) ? "all resources" : string.Join(", ", invocation.Parse.GetValue(_resources) ?? []))}?";

    private protected override StateEdit Edit(Invocation invocation, Snapshot snapshot)
    {
        ImmutableArray<Urn> urns = [.. (invocation.Parse.GetValue(_resources) ?? []).Select(text => ResourceLookup.Find(snapshot, text))];
        return _protect ? StateEdits.Protect(snapshot, urns) : StateEdits.Unprotect(snapshot, urns);
    }
}
