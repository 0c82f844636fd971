using Provision.Cli.Ssh;
using Provision.Cli.Workloads;
using Provision.Engine;
using Provision.Engine.Events;
using Provision.Engine.Planning;

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

        var machine = Workload.All(result.Snapshot).FirstOrDefault(workload => workload.Kind == WorkloadKind.Machine);
        var hasKey = result.Snapshot.Resources.Any(state => state.Type == StackKey.PrivateKey && !state.Delete);
        var container = result.Snapshot.Resources.FirstOrDefault(state => state.Type == Workload.Container && !state.Delete);
        return
        [
            $"provision stack output -s {stack}",
            .. machine is null ? Array.Empty<string>() : [$"provision {(hasKey ? "ssh" : "console")} {stack}/{machine.Name}"],
            .. container is null ? Array.Empty<string>() : [$"provision logs -s {stack} {container.Urn.Name}"],
            $"provision destroy {stack}",
        ];
    }

    private static string Verb(Operation operation) => operation switch
    {
        Operation.Destroy => "destroy",
        Operation.Refresh => "refresh",
        _ => "up",
    };
}
