using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Provision.Cli.Doctor;

/// <summary>Address pools of the Docker engine that are still free on this machine (each network takes one), and the networks that are taken.</summary>
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

    /// <summary>The IPv4 networks that this machine stands in, loopback aside.</summary>
    public static ImmutableArray<UsedSubnet> InUse() =>
    [
        .. from one in NetworkInterface.GetAllNetworkInterfaces()
           where one.NetworkInterfaceType != NetworkInterfaceType.Loopback
           from address in one.GetIPProperties().UnicastAddresses
           where address.Address.AddressFamily == AddressFamily.InterNetwork
           orderby one.Name
           select new UsedSubnet(one.Name, NetworkOf(address.Address, address.PrefixLength)),
    ];

    /// <summary>The network of an address: its bits beyond the prefix are nought.</summary>
    internal static IPNetwork NetworkOf(IPAddress address, int prefix)
    {
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) & (prefix == 0 ? 0 : uint.MaxValue << (32 - prefix));
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, bits);
        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    public static int Count(IEnumerable<IPAddress> used)
    {
        IPAddress[] addresses = [.. used];
        return Pools.Count(pool => !addresses.Any(pool.Contains));
    }
}
