using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Stacks;

/// <summary>Where a snapshot keeps the stack's outputs.</summary>
internal static class StackOutputs
{
    public static PropertyMap Of(Snapshot snapshot) =>
        snapshot.Resources.FirstOrDefault(state => state.Type == ResourceType.Stack && !state.Delete)?.Outputs ?? PropertyMap.Empty;
}
