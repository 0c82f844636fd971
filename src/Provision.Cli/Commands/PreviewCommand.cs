using Provision.Cli.Rendering;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.State;

namespace Provision.Cli.Commands;

/// <summary><c>provision preview</c>: what an up would do. Takes no lock and writes nothing but the plan it is asked to save.</summary>
internal sealed class PreviewCommand : ProvisionCommand
{
    private readonly OperationOptions _options = new();

    public PreviewCommand(CommandRunner runner) : base(runner, "preview", "Show what `up` would do")
    {
        Aliases.Add("pre");
        Add(_options.Stack);
        AddAll(
            _options.Target, _options.Exclude, _options.TargetDependents, _options.Replace, _options.Parallel, _options.Json, _options.ExpectNoChanges,
            _options.Refresh, _options.Diff, _options.ShowSames, _options.Config, _options.SavePlan, _options.DetailedExitCode);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var settings = _options.Read(invocation.Parse);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(settings.Stack, invocation.Token);
        var goals = invocation.Composition.ReadGoals(invocation, workspace, stack, settings.Config, invocation.Token);
        FitGate.Pass(invocation, goals, stack, stops: false);
        await using var session = await workspace.OpenAsync(stack, "preview", write: false, invocation.Token, create: true);
        var started = invocation.Clock.GetTimestamp();
        var result = await EngineRun.RunAsync(
            invocation, workspace, OperationFlow.OptionsFor(settings, Operation.Up, workspace, stack) with { DryRun = true }, goals.Goals, session.Snapshot, NoJournal.Instance, settings.Json ? EngineOutput.None : EngineOutput.Progress);
        var policies = PolicyGate.Diagnostics(goals);
        result = result with { Diagnostics = [.. policies, .. result.Diagnostics] };
        if (settings.Json)
        {
            invocation.WriteText(PreviewDigest.Text(result, invocation.Clock.GetElapsedTime(started)));
        }

        invocation.Error.Lines(result.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Info).SelectMany(DiagnosticView.Lines));
        if (result.Outcome != OperationOutcome.Succeeded)
        {
            return ExitCodes.Of(result);
        }

        if (!settings.Json)
        {
            invocation.Out.Lines(PlanView.Lines(result.Plan, stack, new PlanViewOptions(settings.Diff, settings.ShowSames)));
        }

        if (settings.SavePlanFile is { } file)
        {
            await PlanFile.WriteAsync(file, workspace, session, goals.Hash, settings, result.Plan, invocation.Clock, invocation.Token);
        }

        return settings switch
        {
            _ when policies.Any(policy => policy.Severity == Severity.Error) => ExitCode.Policy,
            { ExpectNoChanges: true } when result.Plan.HasChanges =>
                throw new CliException(ExitCode.ChangesFound, CliDiagnostics.ChangesFound(result.Plan.Steps.Count(step => step.Op.IsChange()))),
            // Only with this option does 2 mean "changes", as Terraform has it.
            { DetailedExitCode: true } when result.Plan.HasChanges => ExitCode.Configuration,
            _ => ExitCode.Success,
        };
    }
}
