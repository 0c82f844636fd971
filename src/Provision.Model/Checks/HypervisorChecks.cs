namespace Provision.Model.Checks;

/// <summary>Hypervisors: how they are reached, what their kind can do, and that no two are one.</summary>
internal static class HypervisorChecks
{
    public static void RunAll(Stack stack, ProblemList problems)
    {
        var first = new Dictionary<(string, string), Place>();
        var pools = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var host in stack.Hosts)
        {
            foreach (var hypervisor in host.Hypervisors)
            {
                foreach (var pool in hypervisor.Pools)
                {
                    pools.TryAdd(pool.Name, Place.Of(host).Of("Hypervisors", hypervisor).Of("Pools", pool));
                }
            }
        }

        foreach (var host in stack.Hosts)
        {
            foreach (var hypervisor in host.Hypervisors)
            {
                var (place, uri) = (Place.Of(host).Of("Hypervisors", hypervisor), hypervisor.Uri ?? "");
                problems.AddIf(
                    !first.TryAdd((host.Address, uri), place) && uri.Length > 0,
                    () => StackProblems.OneHypervisor(place, uri, first[(host.Address, uri)].ToString()));

                // Without a pool of its own it has one of its name.
                problems.AddIf(
                    hypervisor.Pools.IsEmpty && !hypervisor.Machines.IsEmpty && pools.ContainsKey(hypervisor.Name),
                    () => StackProblems.NameTwice(place, hypervisor.Name, $"the pool {pools[hypervisor.Name]}"));
            }
        }
    }

    public static void Run(Hypervisor hypervisor, Place place, ProblemList problems)
    {
        LifecycleChecks.Run(hypervisor, place, problems);
        if (!Enum.IsDefined(hypervisor.Kind))
        {
            problems.Add(StackProblems.Text(place.Member("Kind"), $"{(int)hypervisor.Kind} is no kind of hypervisor", "Use one of HypervisorKind."));
            return;
        }

        Connection(hypervisor, place, problems);
        var features = HypervisorFeatures.Of(hypervisor.Kind);
        problems.AddIf(!features.Networks && !hypervisor.Networks.IsEmpty, () => StackProblems.Lacks(
            place.Member("Networks"), hypervisor.Kind, "makes no networks", "Make them with its own tools."));
        problems.AddIf(!features.Disks && !(hypervisor.Pools.IsEmpty && hypervisor.Machines.IsEmpty), () => StackProblems.Lacks(
            place.Member(hypervisor.Machines.IsEmpty ? "Pools" : "Machines"), hypervisor.Kind, "makes no pools and fills no disks, so that a machine would have nothing to boot from",
            "Declare the machines on a hypervisor of kind Kvm or Qemu."));
        foreach (var pool in hypervisor.Pools)
        {
            var at = place.Of("Pools", pool);
            LifecycleChecks.Run(pool, at, problems);
            LabelChecks.Run(pool.Owner, new(), at, problems);
            if (pool.Path is { } path)
            {
                ContainerChecks.AbsolutePath(path, at.Member("Path"), problems);
                problems.AddIf(path.Trim('/').Length == 0, () => StackProblems.Path(at.Member("Path"), path, "is the host's whole file system"));
            }
        }
    }

    private static void Connection(Hypervisor hypervisor, Place place, ProblemList problems)
    {
        var at = place.Member("Connection");
        if (hypervisor.Uri is not { } text)
        {
            problems.Add(StackProblems.Connection(
                at, "", $"is not given, and {hypervisor.Kind} has no usual one", "Write libvirt's URI of it, such as esx://root@esx.example.edu/."));
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme.Length == 0)
        {
            problems.Add(StackProblems.Connection(at, text, "is no URI", "Write one such as qemu:///system."));
        }
        else if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            problems.Add(StackProblems.Connection(at, uri.Scheme + "://…", "has a password in it, which would stand in every state and plan", "Let libvirt's own credentials file have it."));
        }
        else if (hypervisor.IsPrepared && text != "qemu:///system")
        {
            problems.Add(StackProblems.Connection(
                at, text, "is not where a freshly installed libvirt listens", "Leave it out for qemu:///system, or set Prepare = false where libvirt is there already."));
        }
    }
}
