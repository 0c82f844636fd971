namespace Provision.Engine.State;

/// <summary>A stack as a list shows it.</summary>
/// <param name="Name">The stack.</param>
/// <param name="ResourceCount">How many states it holds; null where its checkpoint cannot be read.</param>
/// <param name="LastUpdate">When it was last saved.</param>
/// <param name="IsRunning">Whether somebody holds its lock.</param>
public sealed record StackSummary(StackName Name, int? ResourceCount, DateTimeOffset? LastUpdate, bool IsRunning);
