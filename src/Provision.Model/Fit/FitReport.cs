using System.Collections.Immutable;

namespace Provision.Model.Fit;

/// <summary>Whether a stack fits on its hosts.</summary>
/// <param name="Hosts">Each host, in the order declared.</param>
public sealed record FitReport(ImmutableArray<HostFit> Hosts)
{
    /// <summary>Nothing is short that would stop an up.</summary>
    public bool Fits => Hosts.All(host => host.Fits);
}

/// <summary>Whether everything on one host fits.</summary>
/// <param name="Name">The host.</param>
/// <param name="Containers">How many containers it has.</param>
/// <param name="Machines">How many machines it has.</param>
/// <param name="Fitting">How many of both, in the order declared (containers, then machines), there is room for before the first that lacks something.</param>
public sealed record HostFit(string Name, int Containers, int Machines, int Fitting)
{
    /// <summary>Memory, processors and storage.</summary>
    public ImmutableArray<QuantityFit> Quantities { get; init; } = [];

    /// <summary>Its networks, those of containers first.</summary>
    public ImmutableArray<NetworkFit> Networks { get; init; } = [];

    /// <summary>Networks that leave their subnet to the Docker engine, against those it has by default.</summary>
    public PoolFit Pools { get; init; } = new(0);

    /// <summary>How many ports of the host are published.</summary>
    public int Ports { get; init; }

    /// <summary>Ports that two workloads want.</summary>
    public ImmutableArray<PortClash> PortClashes { get; init; } = [];

    /// <summary>Networks whose subnets have addresses in common.</summary>
    public ImmutableArray<SubnetClash> SubnetClashes { get; init; } = [];

    /// <summary>Nothing is short that would stop an up.</summary>
    public bool Fits => PortClashes.IsEmpty && SubnetClashes.IsEmpty && !Quantities.Any(one => one.Stops) && !Networks.Any(one => one.IsShort);
}

/// <summary>One quantity of a host.</summary>
/// <param name="Quantity">Which.</param>
/// <param name="Needed">What all its workloads declare; those without a limit of their own count as nothing.</param>
/// <param name="Available">What there is, with the overcommit; null where nobody knows.</param>
/// <param name="Overcommit">How far more may be declared than is there, as a ratio.</param>
/// <param name="Source">Who says what there is.</param>
/// <param name="Undeclared">How many workloads say nothing of this quantity.</param>
/// <param name="FirstWithout">The first workload, in the order declared, that there is no room for; null where all have room.</param>
public sealed record QuantityFit(
    FitQuantity Quantity, double Needed, double? Available, double Overcommit, FitSource Source, int Undeclared, string? FirstWithout)
{
    /// <summary>How much is missing; 0 where nothing is, or nobody knows.</summary>
    public double Short => FirstWithout is null ? 0 : Needed - (Available ?? Needed);

    /// <summary>
    /// Whether the shortage stops an up. That of processors does only where the stack itself declares how many there are: machines share them, and
    /// a lab with more virtual processors than real ones is nothing unusual.
    /// </summary>
    public bool Stops => FirstWithout is not null && !(Quantity == FitQuantity.Processors && Source == FitSource.Reported);
}

/// <summary>The addresses of one network.</summary>
/// <param name="Name">The network.</param>
/// <param name="Subnet">Its subnet; null where others choose it.</param>
/// <param name="Usable">Addresses for its members, without the host's own; null where others choose the subnet.</param>
/// <param name="Needed">How many its members need.</param>
/// <param name="FirstWithout">The first member, in the order declared, that gets none; null where all get one.</param>
public sealed record NetworkFit(string Name, string? Subnet, long? Usable, int Needed, string? FirstWithout)
{
    /// <summary>Whether its addresses run out.</summary>
    public bool IsShort => FirstWithout is not null;
}

/// <summary>Networks that leave their subnet to the Docker engine. An engine may be set up with other ranges than the default, so a shortage stops nothing.</summary>
/// <param name="Needed">How many there are.</param>
public sealed record PoolFit(int Needed)
{
    /// <summary>172.17.0.0/16 to 172.31.0.0/16 and 192.168.0.0/16 cut into /20, less the one that the engine's own bridge takes.</summary>
    public const int Usable = 30;

    /// <summary>Whether the default ranges run out.</summary>
    public bool IsShort => Needed > Usable;
}

/// <summary>Two workloads want one port of the host.</summary>
/// <param name="Port">The port.</param>
/// <param name="Protocol">How it is spoken to.</param>
/// <param name="Holder">Who has it.</param>
/// <param name="Other">Who wants it too.</param>
public sealed record PortClash(int Port, PortProtocol Protocol, string Holder, string Other);

/// <summary>Two networks of a host have addresses in common.</summary>
/// <param name="Network">The one.</param>
/// <param name="Subnet">Its subnet.</param>
/// <param name="Other">The other.</param>
/// <param name="OtherSubnet">The other's subnet.</param>
public sealed record SubnetClash(string Network, string Subnet, string Other, string OtherSubnet);
