using Provision.Engine.Planning;

namespace Provision.Cli.Commands;

/// <summary><c>provision refresh</c>: records what is really there; changes nothing in the world.</summary>
internal sealed class RefreshCommand : ProvisionCommand
{
    private readonly OperationOptions _options = new();

    public RefreshCommand(CommandRunner runner) : base(runner, "refresh", "Record what is really there; changes nothing in the world")
    {
        Add(_options.Stack);
        AddAll(
            _options.Yes, _options.SkipPreview, _options.Target, _options.Exclude, _options.Parallel, _options.Json, _options.ExpectNoChanges, _options.ShowSames,
            _options.Message, _options.LockTimeout);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var settings = _options.Read(invocation.Parse);
        Questions.RefuseWithoutTerminal(invocation, settings.NeedsNoAnswer);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(settings.Stack, invocation.Token);
        return await new OperationFlow(invocation, workspace, settings, Operation.Refresh)
        {
            Words = new OperationWords("refresh", "refresh", "Nothing to record: everything is as it was."),
        }.RunAsync(stack, []);
    }
}
