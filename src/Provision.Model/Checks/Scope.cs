namespace Provision.Model.Checks;

/// <summary>What a stack declares, by object: which host it is on and where it stands.</summary>
internal sealed class Scope
{
    private readonly Dictionary<Declared, (Host Host, Place Place)> _declared = new(ReferenceEqualityComparer.Instance);

    private Scope()
    {
    }

    public static Scope Of(Stack stack)
    {
        var scope = new Scope();
        foreach (var host in stack.Hosts)
        {
            var place = Place.Of(host);
            scope._declared.TryAdd(host, (host, place));
            scope.Add(host, place, "Networks", host.Networks);
            scope.Add(host, place, "Volumes", host.Volumes);
            scope.Add(host, place, "Containers", host.Containers);
        }

        return scope;
    }

    /// <summary>Everything in the stack, in its order.</summary>
    public IEnumerable<Declared> All => _declared.Keys;

    public bool Contains(Declared declared) => _declared.ContainsKey(declared);

    public Host? FindHost(Declared declared) => _declared.TryGetValue(declared, out var found) ? found.Host : null;

    public Place PlaceOf(Declared declared) => _declared[declared].Place;

    /// <summary>The word for a declared thing in a message.</summary>
    public static string KindOf(Declared declared) => declared switch
    {
        Host => "host",
        Container => "container",
        ContainerNetwork => "network",
        ContainerVolume => "volume",
        _ => "object",
    };

    private void Add(Host host, Place place, string member, IEnumerable<Declared> items)
    {
        foreach (var item in items)
        {
            _declared.TryAdd(item, (host, place.Of(member, item)));
        }
    }
}
