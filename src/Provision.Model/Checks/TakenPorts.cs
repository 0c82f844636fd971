using System.Net;

namespace Provision.Model.Checks;

/// <summary>Who holds the ports of one host. An address and "all addresses" take each other's ports.</summary>
internal sealed class TakenPorts<THolder>
    where THolder : class
{
    private const string Everywhere = "*";

    private readonly Dictionary<(int Port, PortProtocol Protocol), Dictionary<string, THolder>> _taken = [];

    /// <summary>How many ports are held, of each protocol by itself.</summary>
    public int Count => _taken.Count;

    /// <summary>Takes a port; the result is who has it already, or null.</summary>
    public THolder? Take(int port, PortProtocol protocol, IPAddress address, THolder taker)
    {
        // 0.0.0.0 and :: both bind what the other would need on a host that speaks both, so both count as everywhere.
        var ip = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Everywhere : address.ToString();
        if (!_taken.TryGetValue((port, protocol), out var holders))
        {
            _taken.Add((port, protocol), holders = new(StringComparer.Ordinal));
        }

        var holder = holders.GetValueOrDefault(ip)
            ?? (ip == Everywhere ? holders.Values.FirstOrDefault() : holders.GetValueOrDefault(Everywhere));
        holders.TryAdd(ip, taker);
        return holder;
    }
}
