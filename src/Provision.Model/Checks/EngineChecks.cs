namespace Provision.Model.Checks;

/// <summary>Hosts against each other: no two may be one Docker engine.</summary>
internal static class EngineChecks
{
    public static void Run(Stack stack, ProblemList problems)
    {
        var first = new Dictionary<(string, string), Place>();
        foreach (var host in stack.Hosts.Where(host => host.UsesDocker))
        {
            var place = Place.Of(host);
            problems.AddIf(
                !first.TryAdd((host.Address, host.Docker.Endpoint), place),
                () => StackProblems.OneDaemon(place, host.Docker.Endpoint, first[(host.Address, host.Docker.Endpoint)].ToString()));
        }
    }
}
