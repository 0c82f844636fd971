using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Turns a stack into goals. Start here: the only place that knows both worlds.</summary>
public static class StackLowering
{
    /// <summary>The goals, parents and whatever a goal refers to before it.</summary>
    /// <remarks>
    /// Pure: the same stack gives the same goals. Takes only a stack in which <see cref="StackCheck"/> found no error.
    /// 1. The root, with the outputs, and the stack's key where there are machines to log in to. 2. A host: its component, its providers and
    /// what prepares it. 3. Images, networks, volumes and containers on it. 4. What machines boot from, and its hypervisors with theirs.
    /// 5. The order, because a host may use another's outputs.
    /// </remarks>
    public static ImmutableArray<ResourceGoal> Lower(Stack stack, LoweringContext context)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(context);
        var names = new StackNames(stack, context);
        var values = new ValueLowering(names);

        // 1
        var goals = new List<ResourceGoal>
        {
            new()
            {
                Urn = names.Root,
                Custom = false,
                ComponentOutputs = PropertyMap.Of(stack.Outputs.Keys.Select(output => new Property(output, values.Lower(stack.Outputs[output].Expression)))),
            },
        };

        if (stack.Hosts.Any(host => host.Machines.Any()))
        {
            goals.AddRange(KeyLowering.Lower(names));
        }

        foreach (var host in stack.Hosts)
        {
            // 2
            goals.AddRange(HostLowering.Lower(host, names));

            // 3
            goals.AddRange(ImageLowering.Lower(host, names, values));
            goals.AddRange(host.Networks.Select(network => NetworkLowering.Lower(network, host, names)));
            goals.AddRange(host.Volumes.Select(volume => VolumeLowering.Lower(volume, host, names)));
            goals.AddRange(host.Containers.Select(container => ContainerLowering.Lower(container, host, names, values)));

            // 4
            goals.AddRange(DiskImageLowering.Lower(host, names));
            goals.AddRange(host.Hypervisors.SelectMany(hypervisor => HypervisorLowering.Lower(hypervisor, host, names, values)));
        }

        // 5
        return GoalOrder.Sort(goals);
    }
}
