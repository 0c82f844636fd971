using System.Net;

namespace Provision.Model.Checks;

/// <summary>Which subnets have addresses in common.</summary>
internal static class SubnetOverlaps
{
    /// <summary>Sorted by first address, a subnet can only overlap with one before it that reaches furthest: no comparison of all with all.</summary>
    public static IEnumerable<(T Item, IPNetwork Subnet, T Before, IPNetwork BeforeSubnet)> Of<T>(IEnumerable<(T Item, IPNetwork Subnet)> subnets)
    {
        (T Item, IPNetwork Subnet)? widest = null;
        var sorted = subnets
            .OrderBy(one => one.Subnet.BaseAddress.AddressFamily)
            .ThenBy(one => Convert.ToHexString(one.Subnet.BaseAddress.GetAddressBytes()), StringComparer.Ordinal)
            .ThenBy(one => one.Subnet.PrefixLength);
        foreach (var one in sorted)
        {
            if (widest is { } before && before.Subnet.Contains(one.Subnet.BaseAddress))
            {
                yield return (one.Item, one.Subnet, before.Item, before.Subnet);
            }
            else
            {
                widest = one;
            }
        }
    }
}
