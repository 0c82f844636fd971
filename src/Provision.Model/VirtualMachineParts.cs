namespace Provision.Model;

/// <summary>A further disk of a machine, empty at first.</summary>
/// <param name="Name">Its name, of up to 20 characters; the machine finds it by that as its serial number.</param>
/// <param name="Size">Its size, which may grow later.</param>
public sealed record MachineDisk(string Name, DataSize Size)
{
    /// <summary>Its data survives when the machine is reset.</summary>
    public bool Keep { get; init; }

    /// <summary>The folder of the machine that it appears in, absolute; it is formatted when it is empty. Null: it is left alone.</summary>
    public string? Mount { get; init; }

    /// <summary>Its pool; null for the machine's.</summary>
    public string? Pool { get; init; }
}

/// <summary>A machine's place on a network.</summary>
public sealed record NetworkInterface
{
    /// <summary>A place on the hypervisor's network of that name.</summary>
    public NetworkInterface(string network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
    }

    /// <summary>A place on that network.</summary>
    public NetworkInterface(VirtualNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        (Network, Declared) = (network.Name, network);
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The network, where it was given as an object.</summary>
    public VirtualNetwork? Declared { get; }

    /// <summary>A fixed IPv4 address, which the network then gives to nobody else; null for one that it chooses.</summary>
    public string? Address { get; init; }

    /// <summary>Its hardware address, such as <c>52:54:00:12:34:56</c>. Null: one that follows from the names of stack, machine and network.</summary>
    public string? Mac { get; init; }

    /// <summary>The machine's name on this network, where it is another than its host name.</summary>
    public string? Hostname { get; init; }

    /// <summary>A name is a place on the network of that name.</summary>
    public static implicit operator NetworkInterface(string network) => new(network);

    /// <summary>A network is a place on it.</summary>
    public static implicit operator NetworkInterface(VirtualNetwork network) => new(network);
}
