using Provision.Engine;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli;

/// <summary>The commands that are most likely wanted next.</summary>
internal static class Hints
{
    public static IReadOnlyList<string> After(Operation operation, DeploymentResult result, string stack)
    {
        if (result.Outcome != OperationOutcome.Succeeded)
        {
            return [$"provision {Verb(operation)} {stack}", "provision doctor"];
        }

        if (operation is Operation.Destroy)
        {
            return [$"provision up {stack}", $"provision stack rm {stack}"];
        }

        var container = result.Snapshot.Resources.FirstOrDefault(state => state.Type == DockerContainer && !state.Delete);
        return
        [
            $"provision stack output -s {stack}",
            .. container is null ? Array.Empty<string>() : [$"provision logs -s {stack} {container.Urn.Name}"],
            $"provision destroy {stack}",
        ];
    }

    private static readonly ResourceType DockerContainer = new("docker:index/container:Container");

    private static string Verb(Operation operation) => operation switch
    {
        Operation.Destroy => "destroy",
        Operation.Refresh => "refresh",
        _ => "up",
    };
}
