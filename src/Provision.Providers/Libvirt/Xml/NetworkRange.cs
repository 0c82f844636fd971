using System.Globalization;
using System.Net;
using System.Numerics;
using System.Xml.Linq;
using Provision.Providers.Libvirt.Schema;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>A subnet as a network uses it: the host has the first address, guests get those after the next. Pure.</summary>
/// <param name="Network">The subnet.</param>
internal readonly record struct NetworkRange(IPNetwork Network)
{
    // libvirt refuses ranges of more than 2^16 addresses.
    private const int MostHostBits = 16;

    /// <summary>A subnet with fewer has no room for the host, a guest and the broadcast address.</summary>
    public const int LeastHostBits = 3;

    public bool IsV6 => Network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;

    public int HostBits => (IsV6 ? 128 : 32) - Network.PrefixLength;

    public string Host => At(1);

    public string First => At(2);

    public string Last => At((BigInteger.One << Math.Min(HostBits, MostHostBits)) - 2);

    public static NetworkRange? Parse(string cidr) => NetworkTable.Cidr(cidr) is { } canonical && IPNetwork.TryParse(canonical, out var network) ? new NetworkRange(network) : null;

    /// <summary>The subnet of an <c>ip</c> element.</summary>
    public static NetworkRange? Read(XElement ip)
    {
        var address = ip.Attribute("address")?.Value ?? "";
        var prefix = ip.Attribute("prefix")?.Value
            ?? (ip.Attribute("netmask")?.Value is { } mask && IPAddress.TryParse(mask, out var parsed)
                ? parsed.GetAddressBytes().Sum(part => BitOperations.PopCount(part)).ToString(CultureInfo.InvariantCulture)
                : ip.Attribute("family")?.Value == "ipv6" ? "64" : "24");
        return Parse($"{address}/{prefix}");
    }

    public bool Overlaps(NetworkRange other) =>
        IsV6 == other.IsV6 && (Network.PrefixLength <= other.Network.PrefixLength ? Network.Contains(other.Network.BaseAddress) : other.Network.Contains(Network.BaseAddress));

    public XElement RangeXml() => new("range", new XAttribute("start", First), new XAttribute("end", Last));

    public override string ToString() => $"{Network.BaseAddress}/{Network.PrefixLength.ToString(CultureInfo.InvariantCulture)}";

    private string At(BigInteger offset)
    {
        var bytes = Network.BaseAddress.GetAddressBytes();
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) + offset;
        var raw = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[bytes.Length];
        raw.CopyTo(padded, padded.Length - raw.Length);
        return new IPAddress(padded).ToString();
    }
}
