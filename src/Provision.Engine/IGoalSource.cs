using Provision.Engine.Resources;

namespace Provision.Engine;

/// <summary>
/// Where goals come from: a model yields all at once; a Pulumi program registers one, waits for its outputs, and registers the next.
/// </summary>
public interface IGoalSource
{
    /// <summary>Goals as they come; parents and whatever a goal refers to come before it. Ends when no more will come.</summary>
    /// <exception cref="Exception">The program failed: nothing is deleted then.</exception>
    IAsyncEnumerable<GoalRegistration> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>One goal and the answer to whoever registered it.</summary>
public sealed class GoalRegistration(ResourceGoal goal)
{
    private readonly TaskCompletionSource<RegistrationResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ResourceGoal Goal { get; } = goal;

    /// <summary>Done when the resource is; a live source answers its program with it.</summary>
    public Task<RegistrationResult> Result => _result.Task;

    internal void Complete(RegistrationResult result) => _result.TrySetResult(result);
}

public enum RegistrationOutcome
{
    Succeeded,
    Failed,
    Skipped,
}

/// <summary>What became of a goal. In a preview the id and outputs may be unknown.</summary>
public sealed record RegistrationResult(RegistrationOutcome Outcome, string? Id, PropertyMap Outputs);

/// <summary>All goals at once, as a model yields them.</summary>
public sealed class FinishedGoalSource(IReadOnlyList<ResourceGoal> goals) : IGoalSource
{
#pragma warning disable CS1998 // Nothing to await: the goals are there.
    public async IAsyncEnumerable<GoalRegistration> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
#pragma warning restore CS1998
    {
        foreach (var goal in goals)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new GoalRegistration(goal);
        }
    }
}
