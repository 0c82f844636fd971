using Provision.Engine.Resources;

namespace Provision.Cli;

internal static class StackGoals
{
    public static Task<IReadOnlyList<ResourceGoal>> ReadAsync(
        Invocation invocation, Workspace workspace, string stack, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ResourceGoal>>([]);
}
