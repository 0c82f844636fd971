namespace Provision.Model.Checks;

/// <summary>What a stack declares, by object: which host and hypervisor it is on and where it stands.</summary>
internal sealed class Scope
{
    private readonly Dictionary<Declared, Site> _declared = new(ReferenceEqualityComparer.Instance);

    private Scope()
    {
    }

    public static Scope Of(Stack stack)
    {
        var scope = new Scope();
        foreach (var host in stack.Hosts)
        {
            var place = Place.Of(host);
            scope._declared.TryAdd(host, new Site(host, null, place));
            scope.Add(host, null, place, "Networks", host.Networks);
            scope.Add(host, null, place, "Volumes", host.Volumes);
            scope.Add(host, null, place, "Containers", host.Containers);
            scope.Add(host, null, place, "Hypervisors", host.Hypervisors);
            foreach (var hypervisor in host.Hypervisors)
            {
                var at = place.Of("Hypervisors", hypervisor);
                scope.Add(host, hypervisor, at, "Networks", hypervisor.Networks);
                scope.Add(host, hypervisor, at, "Pools", hypervisor.Pools);
                scope.Add(host, hypervisor, at, "Machines", hypervisor.Machines);
            }
        }

        return scope;
    }

    /// <summary>Everything in the stack, in its order.</summary>
    public IEnumerable<Declared> All => _declared.Keys;

    public bool Contains(Declared declared) => _declared.ContainsKey(declared);

    public Host? FindHost(Declared declared) => _declared.TryGetValue(declared, out var found) ? found.Host : null;

    public Hypervisor? FindHypervisor(Declared declared) => _declared.TryGetValue(declared, out var found) ? found.Hypervisor : null;

    public Place PlaceOf(Declared declared) => _declared[declared].Place;

    /// <summary>The word for a declared thing in a message.</summary>
    public static string KindOf(Declared declared) => declared switch
    {
        Host => "host",
        Container => "container",
        ContainerNetwork => "network",
        ContainerVolume => "volume",
        Hypervisor => "hypervisor",
        VirtualNetwork => "network",
        StoragePool => "pool",
        VirtualMachine => "machine",
        _ => "object",
    };

    private void Add(Host host, Hypervisor? hypervisor, Place place, string member, IEnumerable<Declared> items)
    {
        foreach (var item in items)
        {
            _declared.TryAdd(item, new Site(host, hypervisor, place.Of(member, item)));
        }
    }

    private sealed record Site(Host Host, Hypervisor? Hypervisor, Place Place);
}
