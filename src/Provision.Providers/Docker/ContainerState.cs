using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>
/// What a container is doing, and whether that is what was meant. Three intents: a service (mustRun, the default) has to run; a job (attach, or
/// mustRun false) is done once it ends well; one with start false is only created.
/// </summary>
internal sealed record ContainerState(string Name, bool Runs, bool Started, long ExitCode)
{
    public static ContainerState Of(InspectedContainer container)
    {
        var state = container.State;
        var name = state.Status is { Length: > 0 } status ? status
            : state.Paused ? "paused"
            : state.Restarting ? "restarting"
            : state.Running ? "running"
            : state.Dead ? "dead"
            : "exited";
        return new ContainerState(name, name is "running" or "restarting", name != "created", state.ExitCode);
    }

    /// <summary>Whether the program wants it up and it is not.</summary>
    public bool IsDown(PropertyMap inputs)
    {
        var program = new InputReader(inputs);
        return !Runs && IsKeptUp(program) && !(IsJob(program) && Name == "exited" && ExitCode == 0);
    }

    public static bool IsKeptUp(InputReader program) => (program.Flag("start") ?? true) && (program.Flag("mustRun") ?? true);

    public static bool IsJob(InputReader program) => program.Flag("attach") == true || program.Flag("mustRun") == false;
}
