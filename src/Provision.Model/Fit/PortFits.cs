using System.Collections.Immutable;
using System.Net;
using Provision.Model.Checks;

namespace Provision.Model.Fit;

/// <summary>The ports that a host's containers are published on.</summary>
internal static class PortFits
{
    /// <summary>How many are taken, and which of them twice.</summary>
    public static (int Count, ImmutableArray<PortClash> Clashes) Of(Host host)
    {
        var taken = new TakenPorts<string>();
        var clashes = ImmutableArray.CreateBuilder<PortClash>();
        foreach (var container in host.Containers)
        {
            foreach (var port in container.Ports)
            {
                if (port.Host is { } published && IPAddress.TryParse(port.Ip, out var address)
                    && taken.Take(published, port.Protocol, address, container.Name) is { } holder)
                {
                    clashes.Add(new PortClash(published, port.Protocol, holder, container.Name));
                }
            }
        }

        return (taken.Count, clashes.ToImmutable());
    }
}
