using System.Net;

namespace Provision.Cli.Doctor;

/// <summary>A network that this machine stands in.</summary>
internal sealed record UsedSubnet(string Interface, IPNetwork Network)
{
    /// <summary>Whether two networks share an address.</summary>
    public bool Overlaps(UsedSubnet other) => Network.Contains(other.Network.BaseAddress) || other.Network.Contains(Network.BaseAddress);

    public override string ToString() => $"{Network} ({Interface})";
}
