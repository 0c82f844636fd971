using Provision.Engine.Planning;

namespace Provision.Cli.Commands;

/// <summary><c>provision destroy</c>: takes away all that the stack's state records. Needs no definition.</summary>
internal sealed class DestroyCommand : ProvisionCommand
{
    private readonly OperationOptions _options = new();

    public DestroyCommand(CommandRunner runner) : base(runner, "destroy", "Take a stack away; its definition is not needed")
    {
        Aliases.Add("down");
        Add(_options.Stack);
        AddAll(
            _options.Yes, _options.SkipPreview, _options.Target, _options.Exclude, _options.TargetDependents, _options.Parallel, _options.Json, _options.Refresh,
            _options.Diff, _options.Message, _options.LockTimeout);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var settings = _options.Read(invocation.Parse);
        Questions.RefuseWithoutTerminal(invocation, settings.NeedsNoAnswer);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(settings.Stack, invocation.Token);
        if (!workspace.Backend.Exists(workspace.NameOf(stack)))
        {
            // Declared, and never brought up.
            invocation.Out.Line("Nothing to destroy: the stack holds no resources.");
            return ExitCode.Success;
        }

        return await new OperationFlow(invocation, workspace, settings, Operation.Destroy)
        {
            Words = new OperationWords("destroy", "destroy", "Nothing to destroy: the stack holds no resources."),
        }.RunAsync(stack, []);
    }
}
