using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>The MAC address of each NIC: the program's, else one derived from the URN, so that it is the same after every redefinition. Pure.</summary>
internal static class MacAddresses
{
    public static ImmutableArray<string> Of(Urn urn, PropertyMap inputs) =>
        [
            .. new InputReader(inputs).Objects("networkInterfaces")
                .Select((nic, i) => nic.Text("mac") is { } mac ? DomainCanonical.Mac(mac) ?? mac : Derive(urn, i)),
        ];

    /// <summary>52:54:00 is QEMU's own prefix.</summary>
    private static string Derive(Urn urn, int index)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{urn}#nic{index}")));
        return string.Create(CultureInfo.InvariantCulture, $"52:54:00:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}");
    }
}
