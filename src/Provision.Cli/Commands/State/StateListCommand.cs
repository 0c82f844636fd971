namespace Provision.Cli.Commands.State;

/// <summary><c>provision state ls</c>: the URNs, one a line, for scripts and for the other state commands.</summary>
internal sealed class StateListCommand : ProvisionCommand
{
    public StateListCommand(CommandRunner runner) : base(runner, "ls", "List the URNs of a stack's state") => Aliases.Add("list");

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        await using var session = await workspace.OpenAsync(stack, "state ls", write: false, invocation.Token, create: true, skipChecks: true);
        foreach (var state in session.Snapshot.Resources)
        {
            invocation.Out.Line(state.Urn.ToString());
        }

        return ExitCode.Success;
    }
}
