using System.Globalization;
using System.Net;

namespace Provision.Model.Checks;

/// <summary>Which subnets of a host have addresses in common.</summary>
internal static class SubnetOverlaps
{
    /// <summary>Sorted by first address, a subnet can only overlap with one before it that reaches furthest: no comparison of all with all.</summary>
    public static IEnumerable<SubnetOverlap<T>> Of<T>(IEnumerable<T> subnets) where T : NamedSubnet
    {
        T? widest = null;
        foreach (var one in subnets.OrderBy(Key, StringComparer.Ordinal))
        {
            if (widest is not null && widest.Range.Contains(one.Range.BaseAddress))
            {
                yield return new SubnetOverlap<T>(one, widest);
            }
            else
            {
                widest = one;
            }
        }
    }

    // By family (addresses of one are all equally long), first address, size.
    private static string Key(NamedSubnet subnet)
    {
        var address = subnet.Range.BaseAddress.GetAddressBytes();
        return string.Create(CultureInfo.InvariantCulture, $"{address.Length:00}{Convert.ToHexString(address)}{subnet.Range.PrefixLength:000}");
    }
}

/// <summary>A network's subnet.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Range">Its addresses.</param>
internal record NamedSubnet(string Network, IPNetwork Range);

/// <summary>Two subnets with addresses in common.</summary>
/// <param name="Subnet">One of them.</param>
/// <param name="Before">The one that begins before it, or at the same address and is larger.</param>
internal sealed record SubnetOverlap<T>(T Subnet, T Before) where T : NamedSubnet;
