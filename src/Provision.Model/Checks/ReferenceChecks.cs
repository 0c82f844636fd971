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
    }

    public static void RunOutputs(Stack stack, Scope scope, ProblemList problems)
    {
        foreach (var (name, value) in stack.Outputs)
        {
            Values(value.Expression, scope, null, $"Outputs[\"{name}\"]", problems);
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
            else if (output is { Target: Container joined, Network: { } network } && joined.Networks.All(attachment => attachment.Network != network))
            {
                problems.Add(StackProblems.NetworkNotJoined(at, joined.Name, network));
            }
        }
    }
}
