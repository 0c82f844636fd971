using Provision.Engine.State;

namespace Provision.Cli;

/// <summary>History entries of changes that no operation made.</summary>
internal static class StateRecord
{
    public static UpdateRecord Of(Invocation invocation, string kind, string message)
    {
        var now = invocation.Clock.GetUtcNow();
        return new UpdateRecord { Kind = kind, StartTime = now, EndTime = now, Message = message, Result = "succeeded" };
    }
}
