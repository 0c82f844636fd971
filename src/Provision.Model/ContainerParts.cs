using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>How a port is spoken to.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,

    /// <summary>SCTP.</summary>
    Sctp,
}

/// <summary>A port of a container that is reachable from outside. A number alone is published on a port that the host chooses.</summary>
/// <param name="Container">The port inside the container.</param>
public sealed record Port(int Container)
{
    /// <summary>The port on the host; null for one that is free.</summary>
    public int? Host { get; init; }

    /// <summary>The host's address that it is published on; all of them by default.</summary>
    public string Ip { get; init; } = "0.0.0.0";

    /// <summary>TCP, unless said otherwise.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>A number is a port inside the container.</summary>
    public static implicit operator Port(int container) => new(container);
}

/// <summary>A file put into a container before it starts. A change of it makes the container anew.</summary>
/// <param name="Path">Where, absolute.</param>
/// <param name="Content">What is in it.</param>
public sealed record ContainerFile(string Path, Value<string> Content)
{
    /// <summary>Its permissions, four octal digits.</summary>
    public string Mode { get; init; } = "0644";
}

/// <summary>A container's place on a network.</summary>
public sealed record NetworkAttachment
{
    /// <summary>A place on the host's network of that name.</summary>
    public NetworkAttachment(string network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
    }

    /// <summary>A place on that network.</summary>
    public NetworkAttachment(ContainerNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        (Network, Declared) = (network.Name, network);
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The network, where it was given as an object.</summary>
    public ContainerNetwork? Declared { get; }

    /// <summary>Names it is reached by on this network, beside its own.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>A fixed IPv4 address; null for one that the engine chooses.</summary>
    public string? Address { get; init; }

    /// <summary>A name is a place on the network of that name.</summary>
    public static implicit operator NetworkAttachment(string network) => new(network);

    /// <summary>A network is a place on it.</summary>
    public static implicit operator NetworkAttachment(ContainerNetwork network) => new(network);
}

/// <summary>How much a container may use; null for no limit.</summary>
public sealed record ContainerLimits
{
    /// <summary>Processors, in parts too: <c>0.5</c>.</summary>
    public double? Cpus { get; init; }

    /// <summary>Memory. The engine takes whole mebibytes, at least 6.</summary>
    public DataSize? Memory { get; init; }

    /// <summary>Memory and swap together. Null: the engine's own rule.</summary>
    public DataSize? MemorySwap { get; init; }

    /// <summary>Processes and threads.</summary>
    public int? Pids { get; init; }
}

/// <summary>The kernel's privileges that a container gets or loses, such as <c>NET_ADMIN</c> or <c>ALL</c>.</summary>
public sealed record Capabilities
{
    /// <summary>What it gets beyond the engine's default.</summary>
    public ImmutableArray<string> Add { get; init; } = [];

    /// <summary>What it loses of the engine's default.</summary>
    public ImmutableArray<string> Drop { get; init; } = [];
}

/// <summary>When the engine starts a container again.</summary>
public sealed record RestartPolicy
{
    /// <summary>Never.</summary>
    public static readonly RestartPolicy No = new("no", 0);

    /// <summary>Whenever it ended.</summary>
    public static readonly RestartPolicy Always = new("always", 0);

    /// <summary>Whenever it ended, unless somebody stopped it.</summary>
    public static readonly RestartPolicy UnlessStopped = new("unless-stopped", 0);

    private RestartPolicy(string name, int maximumRetries) => (Name, MaximumRetries) = (name, maximumRetries);

    /// <summary>Docker's name of the policy.</summary>
    public string Name { get; }

    /// <summary>How often at most; 0 for any number of times.</summary>
    public int MaximumRetries { get; }

    /// <summary>When it ended with an error, that many times at most; 0 for any number of times.</summary>
    public static RestartPolicy OnFailure(int maximumRetries = 0) => new("on-failure", maximumRetries);
}
