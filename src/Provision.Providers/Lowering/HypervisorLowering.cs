using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>A hypervisor: a component, the provider that reaches it, its pools and networks, and the machines on it.</summary>
internal static class HypervisorLowering
{
    private const string PoolFolder = "/var/lib/provision/pool-";

    public static IEnumerable<ResourceGoal> Lower(Hypervisor hypervisor, Host host, StackNames names, ValueLowering values)
    {
        var component = names.UrnOf(hypervisor);
        var waitsFor = HypervisorPreparation.DependenciesOf(hypervisor, host, names).Concat(OptionsLowering.DependsOn(host, names, []));
        yield return new ResourceGoal
        {
            Urn = component,
            Custom = false,
            Parent = names.UrnOf(host),
            Options = OptionsLowering.Lower(hypervisor, names, []),
            SourcePosition = names.SourceOf(hypervisor),
        };
        yield return new ResourceGoal
        {
            Urn = names.LibvirtProviderOf(hypervisor),
            Custom = true,
            Parent = component,
            Inputs = PropertyMap.Of(("uri", OptionalInput.Text(hypervisor.Uri))),
            Options = new ResourceOptions { DependsOn = OptionsLowering.DependsOn(hypervisor, names, waitsFor) },
            SourcePosition = names.SourceOf(hypervisor),
        };

        if (hypervisor.Pools.IsEmpty && !hypervisor.Machines.IsEmpty)
        {
            yield return Pool(names.PoolUrn(hypervisor, null), hypervisor.Name, null, null, hypervisor, names) with { SourcePosition = names.SourceOf(hypervisor) };
        }

        foreach (var pool in hypervisor.Pools)
        {
            yield return Pool(names.UrnOf(pool), pool.Name, pool.Path, pool.Owner, hypervisor, names) with
            {
                Options = OptionsLowering.Lower(pool, names, []),
                SourcePosition = names.SourceOf(pool),
            };
        }

        foreach (var network in hypervisor.Networks)
        {
            yield return VirtualNetworkLowering.Lower(network, hypervisor, names);
        }

        foreach (var goal in hypervisor.Machines.SelectMany(machine => MachineLowering.Lower(machine, hypervisor, host, names, values)))
        {
            yield return goal;
        }
    }

    private static ResourceGoal Pool(Urn urn, string name, string? path, string? owner, Hypervisor hypervisor, StackNames names) => new()
    {
        Urn = urn,
        Custom = true,
        Parent = names.UrnOf(hypervisor),
        Provider = names.LibvirtProviderOf(hypervisor),
        Inputs = PropertyMap.Of(
            ("name", names.Physical(name)),
            ("type", "dir"),
            ("target", PropertyMap.Of(("path", path ?? $"{PoolFolder}{names.Physical(name)}"))),
            ("__stamp", names.Stamp(urn, owner))),
    };
}
