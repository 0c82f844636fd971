using System.Collections.Immutable;
using Provision.Cli.Commands;
using Provision.Cli.Rendering;
using Provision.Engine;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Providers.Hosts;

namespace Provision.Cli;

/// <summary>
/// What up, destroy, refresh and import have in common. The way through:
/// 1. refuse at once where a confirmation will be needed and nobody can give it; 2. open the stack, with its lock; 3. plan, looking at
/// reality; 4. show the plan; 5. see whether the host can be prepared; 6. confirm; 7. act, within the plan; 8. record; 9. summarise.
/// </summary>
internal sealed class OperationFlow(Invocation invocation, Workspace workspace, OperationSettings settings, Operation operation)
{
    /// <summary>How a command differs from the others.</summary>
    public required OperationWords Words { get; init; }

    /// <summary>Of what the goals were made from; of nothing where there are none.</summary>
    public ModelHashes Model { get; init; } = ModelHashes.None;

    public async Task<ExitCode> RunAsync(string stack, IReadOnlyList<ResourceGoal> goals)
    {
        // 2.
        await using var session = await workspace.OpenAsync(
            stack, Words.Verb, write: true, invocation.Token, create: operation is Operation.Up, lockTimeout: settings.LockTimeout);
        if (operation == Operation.Destroy && session.Snapshot is { PendingOperations.IsEmpty: true } before && before.Resources.All(IsRoot))
        {
            return Nothing("Nothing to destroy: the stack holds no resources.");
        }

        var saved = settings.PlanFile is { } file ? PlanFile.Read(file, workspace, session, Model) : null;
        if (saved is not null)
        {
            invocation.Error.Line($"Applying the plan {settings.PlanFile}, made {PlanFile.Origin(saved.Header)}.", Tone.Info);
        }

        var options = OptionsFor(saved is null ? settings : settings.With(saved.Header), operation, workspace, stack);
        var plan = saved?.Plan;
        if (plan is null && (!settings.SkipPreview || settings.ExpectNoChanges))
        {
            // 3.
            var preview = await EngineRun.RunAsync(invocation, workspace, options with { DryRun = true }, goals, session.Snapshot, NoJournal.Instance, Output);
            if (preview.Outcome != OperationOutcome.Succeeded)
            {
                return Failed(preview);
            }

            plan = preview.Plan;
            ShowWarnings(preview.Diagnostics);
            if (!NeedsRun(plan, session.Snapshot))
            {
                // A plan of nothing is still worth its counts and outputs.
                return Nothing(Words.NothingToDo, plan, preview.Outputs);
            }

            if (settings.ExpectNoChanges && plan.HasChanges)
            {
                ShowPlan(plan, stack);
                throw new CliException(ExitCode.ChangesFound, CliDiagnostics.ChangesFound(plan.Steps.Count(step => step.Op.IsChange())));
            }
        }

        if (plan is not null)
        {
            // 4.
            ShowPlan(plan, stack);

            // 5.
            var obstacles = await HostPreflight.RunAsync(plan, invocation.Clock, invocation.Token);
            if (!obstacles.IsEmpty)
            {
                throw new CliException(ExitCode.Configuration, obstacles);
            }

            // 6.
            if (Confirm(plan, stack) == Confirmation.No)
            {
                invocation.Show(CliDiagnostics.Declined());
                return ExitCode.Cancelled;
            }
        }

        // 7.
        var started = invocation.Clock.GetUtcNow();
        var result = await EngineRun.RunAsync(invocation, workspace, options with { Plan = plan }, goals, session.Snapshot, session.Journal, Output);

        // 8. Never with a token: what was done has to be recorded.
        await session.CommitAsync(result.Snapshot, RecordOf(result, started), CancellationToken.None);

        // 9.
        return Summarise(result, stack, invocation.Clock.GetUtcNow() - started);
    }

    private EngineOutput Output => settings.Json ? EngineOutput.Events : EngineOutput.Progress;

    public static DeploymentOptions OptionsFor(OperationSettings settings, Operation operation, Workspace workspace, string stack)
    {
        var options = new DeploymentOptions
        {
            Operation = operation,
            Stack = stack,
            Project = workspace.Project.Name,
            Refresh = settings.Refresh,
            Targets = settings.Targets,
            Excludes = settings.Excludes,
            TargetDependents = settings.TargetDependents,
            Replace = settings.Replace,
        };
        return settings.Parallel is { } parallel ? options with { Parallel = parallel } : options;
    }

    private static bool IsRoot(ResourceState state) => state.Type == ResourceType.Stack;

    /// <summary>A run is also needed to record changed outputs, and to settle what an interrupted run left open.</summary>
    private static bool NeedsRun(Plan plan, Snapshot snapshot)
    {
        var recorded = snapshot.Resources.FirstOrDefault(IsRoot)?.Outputs ?? PropertyMap.Empty;
        return plan.HasChanges
            || plan.Steps.Any(step => step.Op == StepOp.Refresh)
            || !snapshot.PendingOperations.IsEmpty
            || (plan.Operation == Operation.Up && !plan.Outputs.Equals(recorded));
    }

    private ExitCode Nothing(string text, Plan? plan = null, PropertyMap? outputs = null)
    {
        if (!settings.Json)
        {
            invocation.Out.Line(text);
            if (plan is not null)
            {
                invocation.Out.Lines(CountLines.Of(plan.Counts(), isPreview: true));
            }

            if (outputs is { Count: > 0 } && operation == Operation.Up)
            {
                invocation.Out.Line();
                invocation.Out.Lines(SummaryView.OutputLines(outputs));
            }
        }

        return ExitCode.Success;
    }

    private void ShowPlan(Plan plan, string stack)
    {
        if (!settings.Json)
        {
            invocation.Out.Lines(PlanView.Lines(plan, stack, new PlanViewOptions(settings.Diff, settings.ShowSames)));
            invocation.Out.Line();
        }
    }

    private void ShowWarnings(ImmutableArray<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Warning))
        {
            invocation.Show(diagnostic);
        }
    }

    private Confirmation Confirm(Plan plan, string stack)
    {
        if (settings.NeedsNoAnswer)
        {
            return Confirmation.Yes;
        }

        Questions.RefuseWithoutTerminal(invocation, settings.Yes);
        if (operation == Operation.Destroy)
        {
            invocation.Error.Lines(DestroyWarning.Lines(plan));
            return Questions.ConfirmWord(invocation, $"Type the stack's name ('{stack}') to destroy it:", stack);
        }

        return Questions.Confirm(
            invocation,
            $"Do you want to perform this {OpWords.Noun(operation)}?",
            () => invocation.Error.Lines(PlanView.Lines(plan, stack, new PlanViewOptions(Diff: true, ShowSames: true))));
    }

    private UpdateRecord RecordOf(DeploymentResult result, DateTimeOffset started) => new()
    {
        Kind = Words.HistoryKind,
        StartTime = started,
        EndTime = invocation.Clock.GetUtcNow(),
        Message = settings.Message,
        Result = result.Outcome == OperationOutcome.Succeeded ? "succeeded" : "failed",
        ResourceChanges = result.Counts.ToImmutableSortedDictionary(count => count.Op.Name(), count => count.Count, StringComparer.Ordinal),
    };

    private ExitCode Summarise(DeploymentResult result, string stack, TimeSpan duration)
    {
        if (settings.Json)
        {
            invocation.Error.Lines(result.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).SelectMany(DiagnosticView.Lines));
        }
        else
        {
            var hints = invocation.ShowsHints ? Hints.After(operation, result, stack) : [];
            invocation.Out.Lines(SummaryView.Lines(result, duration, hints));
        }

        return ExitCodes.Of(result);
    }

    private ExitCode Failed(DeploymentResult preview)
    {
        invocation.Error.Lines(preview.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Info).SelectMany(DiagnosticView.Lines));
        if (preview.Outcome == OperationOutcome.Cancelled)
        {
            invocation.Show(CliDiagnostics.Interrupted());
        }

        return ExitCodes.Of(preview);
    }
}

/// <summary>What an operation is called.</summary>
/// <param name="Verb">The command; locks name it.</param>
/// <param name="HistoryKind">In the stack's history, Pulumi's word.</param>
/// <param name="NothingToDo">What to say where the plan is empty.</param>
internal sealed record OperationWords(string Verb, string HistoryKind, string NothingToDo);
