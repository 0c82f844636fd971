using Provision.Cli.Rendering;
using Provision.Engine;
using Provision.Engine.Events;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli;

/// <summary>One run of the engine with its views: progress for people, events for machines.</summary>
internal static class EngineRun
{
    public static async Task<DeploymentResult> RunAsync(
        Invocation invocation,
        Workspace workspace,
        DeploymentOptions options,
        IReadOnlyList<ResourceGoal> goals,
        Snapshot snapshot,
        IJournalStorage journal,
        EngineOutput output)
    {
        IProgressView view = output switch
        {
            EngineOutput.Events => new JsonView(invocation.Io.Out),
            EngineOutput.None => new SilentProgress(),
            _ when invocation.CanRedraw => new LiveProgress(invocation.Error, options.Stack, invocation.Clock),
            _ => new PlainProgress(invocation.Error, options.Stack),
        };
        await using var sink = new EventPump(view, invocation.Clock);
        var providers = invocation.Composition.Providers(invocation.Clock, workspace.Project.Folder);
        var deployment = new Deployment(providers, sink, invocation.Clock, invocation.Composition.NewId);
        invocation.Signals.StageReached += Tell;
        try
        {
            return await deployment.RunAsync(options, new FinishedGoalSource(goals), snapshot, journal, invocation.Signals.Tokens);
        }
        finally
        {
            invocation.Signals.StageReached -= Tell;
        }

        void Tell(bool abandon) => sink.Post(new EngineEvent.Cancelling(abandon) { Time = invocation.Clock.GetUtcNow() });
    }
}

/// <summary>What is shown of a run while it lasts.</summary>
internal enum EngineOutput
{
    /// <summary>Progress, on stderr.</summary>
    Progress,

    /// <summary>Events as JSON lines, on stdout.</summary>
    Events,

    None,
}
