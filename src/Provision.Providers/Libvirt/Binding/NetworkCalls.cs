using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>What is done to networks. All of these block, and throw <see cref="LibvirtException"/>.</summary>
internal static unsafe class NetworkCalls
{
    private const int UuidLength = 37;
    private const uint InactiveXml = 1;

    // libvirt keeps one list of networks, and two defines at once can each take the other's bridge name.
    private static readonly Lock Defining = new();

    public static HandleList<NetworkHandle> ListNetworks(this ConnectHandle connect)
    {
        var count = Native.virConnectListAllNetworks(connect, out var array, 0).Checked();
        return new HandleList<NetworkHandle>(array, count, owned => new NetworkHandle(owned));
    }

    public static NetworkHandle NetworkByUuid(this ConnectHandle connect, string uuid) => Native.virNetworkLookupByUUIDString(connect, uuid).Checked();

    public static NetworkHandle NetworkByName(this ConnectHandle connect, string name) => Native.virNetworkLookupByName(connect, name).Checked();

    public static NetworkHandle? FindNetwork(this ConnectHandle connect, string uuid) => DomainCalls.NullWhereGone(() => connect.NetworkByUuid(uuid));

    public static NetworkHandle? FindNetworkByName(this ConnectHandle connect, string name) => DomainCalls.NullWhereGone(() => connect.NetworkByName(name));

    public static NetworkHandle DefineNetwork(this ConnectHandle connect, string xml)
    {
        lock (Defining)
        {
            return Native.virNetworkDefineXML(connect, xml).Checked();
        }
    }

    public static void Start(this NetworkHandle network) => Native.virNetworkCreate(network).Checked();

    /// <summary>libvirt's "destroy": bridge and dnsmasq go, the definition stays.</summary>
    public static void Stop(this NetworkHandle network) => Native.virNetworkDestroy(network).Checked();

    public static void Undefine(this NetworkHandle network) => Native.virNetworkUndefine(network).Checked();

    /// <summary>Changes a part of the network: of the running one where it runs, and of its definition.</summary>
    public static void Update(this NetworkHandle network, NetworkUpdateCommand command, NetworkSection section, string xml, Affect affect, int parentIndex = -1) =>
        Native.virNetworkUpdate(network, (uint)command, (uint)section, parentIndex, xml, (uint)affect).Checked();

    /// <summary>As defined, or as it runs.</summary>
    public static string Xml(this NetworkHandle network, bool inactive)
    {
        try
        {
            return Native.virNetworkGetXMLDesc(network, inactive ? InactiveXml : 0).TakenText();
        }
        catch (LibvirtException flags) when (inactive && flags.Code == LibvirtErrorCode.InvalidArgument)
        {
            // A driver whose networks run as they are defined knows no difference.
            return network.Xml(inactive: false);
        }
    }

    public static string Uuid(this NetworkHandle network)
    {
        var buffer = stackalloc byte[UuidLength];
        Native.virNetworkGetUUIDString(network, buffer).Checked();
        return Marshal.PtrToStringUTF8((nint)buffer) ?? "";
    }

    public static string Name(this NetworkHandle network) => Native.virNetworkGetName(network).LentText();

    public static bool IsActive(this NetworkHandle network) => Native.virNetworkIsActive(network).Checked() == 1;

    public static bool IsPersistent(this NetworkHandle network) => Native.virNetworkIsPersistent(network).Checked() == 1;

    public static bool Autostart(this NetworkHandle network)
    {
        Native.virNetworkGetAutostart(network, out var autostart).Checked();
        return autostart != 0;
    }

    public static void SetAutostart(this NetworkHandle network, bool autostart) => Native.virNetworkSetAutostart(network, autostart ? 1 : 0).Checked();

    public static string BridgeName(this NetworkHandle network) => Native.virNetworkGetBridgeName(network).TakenText();

    /// <summary>The leases of one MAC, or of all.</summary>
    public static ImmutableArray<DhcpLease> Leases(this NetworkHandle network, string? mac = null)
    {
        var count = Native.virNetworkGetDHCPLeases(network, mac, out var array, 0).Checked();
        var found = ImmutableArray.CreateBuilder<DhcpLease>(count);
        for (var i = 0; i < count; i++)
        {
            var one = array[i];
            found.Add(new DhcpLease(
                DomainCalls.TextAt(one->mac), DomainCalls.TextAt(one->ipaddr), (int)one->prefix, one->type == 1, DomainCalls.TextAt(one->hostname),
                DateTimeOffset.FromUnixTimeSeconds(one->expirytime)));
            Native.virNetworkDHCPLeaseFree(one);
        }

        NativeMemory.Free(array);
        return found.ToImmutable();
    }
}
