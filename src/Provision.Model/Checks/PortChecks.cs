using System.Net;

namespace Provision.Model.Checks;

/// <summary>Published ports of one host: in range, and none taken twice. An address and "all addresses" take each other's ports.</summary>
internal static class PortChecks
{
    private const string Everywhere = "*";

    public static void Run(Host host, Place place, ProblemList problems)
    {
        var taken = new Dictionary<(int Port, PortProtocol Protocol), Dictionary<string, Place>>();
        foreach (var container in host.Containers)
        {
            var containerPlace = place.Of("Containers", container);
            for (var i = 0; i < container.Ports.Length; i++)
            {
                Check(container.Ports[i], containerPlace.Index("Ports", i), taken, problems);
            }
        }
    }

    private static void Check(Port port, Place place, Dictionary<(int, PortProtocol), Dictionary<string, Place>> taken, ProblemList problems)
    {
        problems.AddIf(port.Container is < 1 or > 65535, () => StackProblems.PortRange(place.Member("Container"), port.Container));
        if (!IPAddress.TryParse(port.Ip, out var address))
        {
            problems.Add(StackProblems.PublishAddress(place.Member("Ip"), port.Ip));
            return;
        }

        if (port.Host is not { } published)
        {
            return;
        }

        if (published is < 1 or > 65535)
        {
            problems.Add(StackProblems.PortRange(place.Member("Host"), published));
            return;
        }

        // 0.0.0.0 and :: both bind what the other would need on a host that speaks both, so both count as everywhere.
        var ip = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Everywhere : address.ToString();
        if (!taken.TryGetValue((published, port.Protocol), out var holders))
        {
            taken.Add((published, port.Protocol), holders = new(StringComparer.Ordinal));
        }

        var holder = holders.GetValueOrDefault(ip)
            ?? (ip == Everywhere ? holders.Values.FirstOrDefault() : holders.GetValueOrDefault(Everywhere));
        if (holder is not null)
        {
            problems.Add(StackProblems.PortTaken(place, published, Name(port.Protocol), port.Ip, holder.ToString()));
        }

        holders.TryAdd(ip, place);
    }

    private static string Name(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };
}
