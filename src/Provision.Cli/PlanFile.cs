using Provision.Engine.Planning;
using Provision.Engine.State;

namespace Provision.Cli;

internal static class PlanFile
{
    public static Plan Read(string path, Workspace workspace, string stack, Snapshot snapshot) => Plan.Empty;

    public static void Write(string path, Workspace workspace, string stack, Snapshot snapshot, Plan plan, TimeProvider clock)
    {
    }
}
