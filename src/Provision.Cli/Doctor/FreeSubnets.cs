using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Provision.Cli.Doctor;

/// <summary>How many of the Docker engine's default address pools are still free on this machine; each network takes one.</summary>
internal static class FreeSubnets
{
    // The engine's own defaults: 172.17.0.0/16 to 172.31.0.0/16, and 192.168.0.0/16 cut into /20.
    private static readonly IPNetwork[] Pools =
    [
        .. Enumerable.Range(17, 15).Select(second => IPNetwork.Parse($"172.{second}.0.0/16")),
        .. Enumerable.Range(0, 16).Select(part => IPNetwork.Parse($"192.168.{part * 16}.0/20")),
    ];

    public static int Total => Pools.Length;

    public static int Count() => Count(NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(one => one.GetIPProperties().UnicastAddresses)
        .Select(address => address.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork));

    public static int Count(IEnumerable<IPAddress> used)
    {
        IPAddress[] addresses = [.. used];
        return Pools.Count(pool => !addresses.Any(pool.Contains));
    }
}
