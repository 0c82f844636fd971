namespace Provision.Model.Checks;

/// <summary>Everything that is referred to has to be in the stack, and where a daemon joins two things, on one host.</summary>
internal static class ReferenceChecks
{
    public static void Run(Host host, Scope scope, Place place, ProblemList problems)
    {
        var networks = host.Networks.Select(network => network.Name).ToHashSet(StringComparer.Ordinal);
        var volumes = host.Volumes.Select(volume => volume.Name).ToHashSet(StringComparer.Ordinal);
        DependsOn(host, scope, place, problems);
        foreach (var network in host.Networks)
        {
            DependsOn(network, scope, place.Of("Networks", network), problems);
        }

        foreach (var volume in host.Volumes)
        {
            DependsOn(volume, scope, place.Of("Volumes", volume), problems);
        }

        foreach (var container in host.Containers)
        {
            var at = place.Of("Containers", container);
            DependsOn(container, scope, at, problems);
            for (var i = 0; i < container.Networks.Length; i++)
            {
                var (attachment, where) = (container.Networks[i], at.Index("Networks", i));
                if (attachment.Declared is { } network)
                {
                    OnHost(network, host, scope, where, problems);
                }
                else
                {
                    problems.AddIf(!networks.Contains(attachment.Network), () => StackProblems.UnknownNetwork(where, attachment.Network, networks));
                }
            }

            for (var i = 0; i < container.Mounts.Length; i++)
            {
                var where = at.Index("Mounts", i);
                if (container.Mounts[i] is Mount.OfVolume { Declared: { } volume })
                {
                    OnHost(volume, host, scope, where, problems);
                }
                else if (container.Mounts[i] is Mount.OfVolume named)
                {
                    problems.AddIf(!volumes.Contains(named.Name), () => StackProblems.UnknownVolume(where, named.Name, volumes));
                }
            }

            foreach (var (member, expression) in References.ValuesOf(container))
            {
                Values(expression, scope, at, member, problems);
            }
        }

        foreach (var hypervisor in host.Hypervisors)
        {
            Hypervised(hypervisor, scope, place.Of("Hypervisors", hypervisor), problems);
        }
    }

    public static void RunOutputs(Stack stack, Scope scope, ProblemList problems)
    {
        foreach (var (name, value) in stack.Outputs)
        {
            Values(value.Expression, scope, null, $"Outputs[\"{name}\"]", problems);
        }
    }

    private static void Hypervised(Hypervisor hypervisor, Scope scope, Place place, ProblemList problems)
    {
        DependsOn(hypervisor, scope, place, problems);
        foreach (var network in hypervisor.Networks)
        {
            DependsOn(network, scope, place.Of("Networks", network), problems);
        }

        foreach (var pool in hypervisor.Pools)
        {
            DependsOn(pool, scope, place.Of("Pools", pool), problems);
        }

        var networks = hypervisor.Networks.Select(network => network.Name).ToHashSet(StringComparer.Ordinal);
        var pools = hypervisor.Pools.Select(pool => pool.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var machine in hypervisor.Machines)
        {
            var at = place.Of("Machines", machine);
            DependsOn(machine, scope, at, problems);
            for (var i = 0; i < machine.Networks.Length; i++)
            {
                var (nic, where) = (machine.Networks[i], at.Index("Networks", i));
                if (nic.Declared is { } network)
                {
                    OnHypervisor(network, hypervisor, scope, where, problems);
                }
                else
                {
                    problems.AddIf(!networks.Contains(nic.Network), () => StackProblems.UnknownVirtualNetwork(where, nic.Network, networks));
                }
            }

            Pool(machine.Pool, at.Member("Pool"));
            foreach (var disk in machine.Disks)
            {
                Pool(disk.Pool, at.Key("Disks", disk.Name).Member("Pool"));
            }

            foreach (var (member, expression) in References.ValuesOf(machine))
            {
                Values(expression, scope, at, member, problems);
            }
        }

        void Pool(string? name, Place where) =>
            problems.AddIf(name is not null && !pools.Contains(name), () => StackProblems.UnknownPool(where, name ?? "", pools));
    }

    private static void OnHypervisor(VirtualNetwork network, Hypervisor hypervisor, Scope scope, Place place, ProblemList problems)
    {
        if (scope.FindHypervisor(network) is not { } owner)
        {
            problems.Add(StackProblems.NotInStack(place, Scope.KindOf(network), network.Name));
        }
        else if (!ReferenceEquals(owner, hypervisor))
        {
            problems.Add(StackProblems.MachineElsewhere(place, Scope.KindOf(network), network.Name, owner.Name));
        }
    }

    private static void DependsOn(Declared declared, Scope scope, Place place, ProblemList problems)
    {
        for (var i = 0; i < declared.Lifecycle.DependsOn.Length; i++)
        {
            var (target, index) = (declared.Lifecycle.DependsOn[i], i);
            problems.AddIf(!scope.Contains(target), () => StackProblems.NotInStack(place.Member("Lifecycle").Index("DependsOn", index), Scope.KindOf(target), target.Name));
        }
    }

    private static void OnHost(Declared declared, Host host, Scope scope, Place place, ProblemList problems)
    {
        if (scope.FindHost(declared) is not { } owner)
        {
            problems.Add(StackProblems.NotInStack(place, Scope.KindOf(declared), declared.Name));
        }
        else if (!ReferenceEquals(owner, host))
        {
            problems.Add(StackProblems.Elsewhere(place, Scope.KindOf(declared), declared.Name, owner.Name));
        }
    }

    private static void Values(ValueExpression expression, Scope scope, Place? place, string member, ProblemList problems)
    {
        foreach (var output in expression.Outputs())
        {
            var at = place?.Member(member) ?? Place.Root(member);
            if (!scope.Contains(output.Target))
            {
                problems.Add(StackProblems.NotInStack(at, Scope.KindOf(output.Target), output.Target.Name));
            }
            else if (output is { Target: Container container, Port: { } port } && container.Ports.All(published => published.Container != port))
            {
                problems.Add(StackProblems.PortNotPublished(at, container.Name, port, container.Ports.Select(published => published.Container)));
            }
            else if (output is { Target: VirtualMachine machine, Name: DeclaredOutput.Address } && machine.Networks.All(nic => output.Network is { } on && nic.Network != on))
            {
                problems.Add(output.Network is { } missing ? StackProblems.NetworkNotJoined(at, machine.Name, missing) : StackProblems.NoAddress(at, $"'{machine.Name}'"));
            }
            else if (output is { Target: Container joined, Network: { } network } && joined.Networks.All(attachment => attachment.Network != network))
            {
                problems.Add(StackProblems.NetworkNotJoined(at, joined.Name, network));
            }
        }
    }
}
