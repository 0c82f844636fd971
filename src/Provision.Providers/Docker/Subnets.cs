using System.Net;

namespace Provision.Providers.Docker;

/// <summary>Whether two subnets share an address. Pure.</summary>
internal static class Subnets
{
    public static bool Overlap(string? left, string? right)
    {
        if (Read(left) is not { } a || Read(right) is not { } b || a.BaseAddress.AddressFamily != b.BaseAddress.AddressFamily)
        {
            return false;
        }

        return a.PrefixLength <= b.PrefixLength ? a.Contains(b.BaseAddress) : b.Contains(a.BaseAddress);
    }

    private static IPNetwork? Read(string? text) => text is not null && IPNetwork.TryParse(Schema.Canonical.Cidr(text), out var network) ? network : null;
}
