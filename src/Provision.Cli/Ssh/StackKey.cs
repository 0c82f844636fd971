using Provision.Cli.Workloads;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli.Ssh;

/// <summary>The key that a stack made and put on a machine.</summary>
internal static class StackKey
{
    public static readonly ResourceType PrivateKey = new("tls:index/privateKey:PrivateKey");

    /// <summary>The key that the machine's resources depend on, else the only one of the stack; null where the stack has none.</summary>
    /// <exception cref="CliException">Several, and none of them is the machine's.</exception>
    public static ResourceState? Of(Snapshot snapshot, Workload machine)
    {
        var states = snapshot.Resources.Where(state => !state.Delete).GroupBy(state => state.Urn).ToDictionary(group => group.Key, group => group.First());
        var seen = new HashSet<Urn> { machine.State.Urn };
        var open = new Queue<ResourceState>([machine.State]);
        while (open.TryDequeue(out var at))
        {
            if (at.Type == PrivateKey)
            {
                return at;
            }

            // Not upward: a parent's key would be that of a whole host.
            foreach (var next in at.References().Where(urn => urn != at.Parent && seen.Add(urn)))
            {
                if (states.TryGetValue(next, out var state))
                {
                    open.Enqueue(state);
                }
            }
        }

        ResourceState[] keys = [.. states.Values.Where(state => state.Type == PrivateKey)];
        return keys switch
        {
            [] => null,
            [var only] => only,
            _ => throw new CliException(ExitCode.Configuration, CliDiagnostics.KeyUnclear([.. keys.Select(key => key.Urn.Name)])),
        };
    }

    /// <summary>The private half in clear. The only place that looks into it.</summary>
    /// <exception cref="CliException">It is not recorded.</exception>
    public static string Reveal(ResourceState key) =>
        key.Outputs.Find("privateKeyOpenssh") switch
        {
            PropertyValue.Secret secret when secret.Reveal() is PropertyValue.String text => text.Value,
            PropertyValue.String text => text.Value,
            _ => throw new CliException(ExitCode.Error, CliDiagnostics.KeyUnusable($"The state of '{key.Urn.Name}' holds no private key.")),
        };
}
