using System.Net;

namespace Provision.Model.Checks;

/// <summary>Published ports of one host: in range, and none taken twice.</summary>
internal static class PortChecks
{
    public static void Run(Host host, Place place, ProblemList problems)
    {
        var taken = new TakenPorts<Place>();
        foreach (var container in host.Containers)
        {
            var containerPlace = place.Of("Containers", container);
            for (var i = 0; i < container.Ports.Length; i++)
            {
                Check(container.Ports[i], containerPlace.Index("Ports", i), taken, problems);
            }
        }
    }

    private static void Check(Port port, Place place, TakenPorts<Place> taken, ProblemList problems)
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

        if (taken.Take(published, port.Protocol, address, place) is { } holder)
        {
            problems.Add(StackProblems.PortTaken(place, published, Name(port.Protocol), port.Ip, holder.ToString()));
        }
    }

    private static string Name(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };
}
