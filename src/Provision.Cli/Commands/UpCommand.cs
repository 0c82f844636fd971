using Provision.Engine.Planning;

namespace Provision.Cli.Commands;

/// <summary><c>provision up</c>: makes the world what the stack says.</summary>
internal sealed class UpCommand : ProvisionCommand
{
    private readonly OperationOptions _options = new();

    public UpCommand(CommandRunner runner) : base(runner, "up", "Bring a stack up, or bring it back to what it should be")
    {
        Aliases.Add("update");
        Add(_options.Stack);
        AddAll(
            _options.Yes, _options.SkipPreview, _options.Target, _options.Exclude, _options.TargetDependents, _options.Replace, _options.Parallel, _options.Json,
            _options.ExpectNoChanges, _options.Refresh, _options.Diff, _options.ShowSames, _options.Config, _options.Message, _options.LockTimeout, _options.Plan, _options.Overcommit);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var settings = _options.Read(invocation.Parse);
        settings.RefuseBesidePlan();
        Questions.RefuseWithoutTerminal(invocation, settings.NeedsNoAnswer);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(settings.Stack, invocation.Token);
        var goals = invocation.Composition.ReadGoals(invocation, workspace, stack, settings.Config, invocation.Token);
        PolicyGate.Pass(invocation, goals);
        FitGate.Pass(invocation, goals, stack, stops: !settings.Overcommit);
        return await new OperationFlow(invocation, workspace, settings, Operation.Up)
        {
            Model = goals.Hash,
            Words = new OperationWords("up", "update", "Nothing to do: everything is as the stack says."),
        }.RunAsync(stack, goals.Goals);
    }
}
