using System.Collections.Immutable;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;

namespace Provision.Providers.Libvirt;

/// <summary>Addresses of guests that the host knows as its neighbours, by libvirt; by the kernel's table itself where libvirt does not understand it.</summary>
internal static class ArpTable
{
    private const string Path = "/proc/net/arp";
    private const int Complete = 0x2;

    /// <param name="domain">Whose.</param>
    /// <param name="isLocal">Whether the hypervisor's table is this machine's.</param>
    public static ImmutableArray<InterfaceAddresses> Neighbours(this DomainHandle domain, bool isLocal)
    {
        try
        {
            return domain.Addresses(AddressSource.Arp);
        }
        catch (LibvirtException failure) when (failure.IsOfNeighbours)
        {
            var macs = DomainView.Parse(domain.Xml(DomainXml.Live)).Interfaces.Select(nic => nic.Mac).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return isLocal ? [.. Parse(Read()).Where(one => macs.Contains(one.Mac))] : [];
        }
    }

    /// <summary>
    /// <code>
    /// IP address       HW type     Flags       HW address            Mask     Device
    /// 10.20.0.9        0x1         0x2         52:54:00:aa:bb:01     *        virbr1
    /// </code>
    /// Of IPv4 alone; what nobody answered for has no flag.
    /// </summary>
    internal static ImmutableArray<InterfaceAddresses> Parse(IEnumerable<string> lines) =>
    [
        .. lines.Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length == 6 && (Convert.ToInt32(fields[2], 16) & Complete) != 0)
            .Select(fields => new InterfaceAddresses(fields[5], fields[3].ToLowerInvariant(), [new GuestAddress(fields[0], 0, false)])),
    ];

    private static string[] Read()
    {
        try
        {
            return File.ReadAllLines(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
