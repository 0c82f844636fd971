using Provision.Cli.Rendering;

namespace Provision.Cli.Commands;

/// <summary><c>provision fit</c>: whether a stack fits on its hosts. Reads the definition and this machine's size, and connects to nothing.</summary>
internal sealed class FitCommand : ProvisionCommand
{
    private readonly OperationOptions _options = new();

    public FitCommand(CommandRunner runner) : base(
        runner, "fit", "Show whether a stack fits on its hosts, by what they declare or report (processors: declared only); exit code 5 if not")
    {
        Add(_options.Stack);
        AddAll(_options.Json, _options.Config);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var settings = _options.Read(invocation.Parse);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(settings.Stack, invocation.Token);
        var goals = invocation.Composition.ReadGoals(invocation, workspace, stack, settings.Config, invocation.Token);
        var report = FitGate.Read(invocation, goals, stack) ?? throw new InvalidOperationException("Goals that were read have a stack.");
        if (settings.Json)
        {
            invocation.WriteText(FitView.Json(stack, report));
        }
        else
        {
            invocation.Out.Lines(FitView.Lines(report));
        }

        return report.Fits ? ExitCode.Success : ExitCode.Policy;
    }
}
