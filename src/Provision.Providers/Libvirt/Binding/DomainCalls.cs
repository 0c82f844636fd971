using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>What is done to domains. All of these block, and throw <see cref="LibvirtException"/>.</summary>
internal static unsafe class DomainCalls
{
    private const int UuidLength = 37;
    private const int MetadataElement = 2;
    private const uint ResizeInBytes = 1;
    private const uint ActiveOnly = 1;

    public static HandleList<DomainHandle> ListDomains(this ConnectHandle connect, bool activeOnly = false)
    {
        var count = Native.virConnectListAllDomains(connect, out var array, activeOnly ? ActiveOnly : 0).Checked();
        return new HandleList<DomainHandle>(array, count, owned => new DomainHandle(owned));
    }

    public static DomainHandle DomainByUuid(this ConnectHandle connect, string uuid) => Native.virDomainLookupByUUIDString(connect, uuid).Checked();

    public static DomainHandle DomainByName(this ConnectHandle connect, string name) => Native.virDomainLookupByName(connect, name).Checked();

    /// <summary>Null where there is none, on libvirt's typed word; another failure is thrown.</summary>
    public static DomainHandle? FindDomain(this ConnectHandle connect, string uuid) => NullWhereGone(() => connect.DomainByUuid(uuid));

    public static DomainHandle? FindDomainByName(this ConnectHandle connect, string name) => NullWhereGone(() => connect.DomainByName(name));

    /// <summary>Makes a domain, or changes the one with the same name and UUID from its next start on.</summary>
    public static DomainHandle DefineDomain(this ConnectHandle connect, string xml) => Native.virDomainDefineXML(connect, xml).Checked();

    public static void Start(this DomainHandle domain, StartFlags flags = StartFlags.None) =>
        (flags == StartFlags.None ? Native.virDomainCreate(domain) : Native.virDomainCreateWithFlags(domain, (uint)flags)).Checked();

    /// <summary>Asks the guest to shut down; it may take its time, or not listen.</summary>
    public static void Shutdown(this DomainHandle domain, ShutdownWay way = ShutdownWay.Any) =>
        (way == ShutdownWay.Any ? Native.virDomainShutdown(domain) : Native.virDomainShutdownFlags(domain, (uint)way)).Checked();

    /// <summary>libvirt's "destroy": the plug is pulled; the definition and the disks stay.</summary>
    public static void PowerOff(this DomainHandle domain) => Native.virDomainDestroy(domain).Checked();

    public static void Reboot(this DomainHandle domain) => Native.virDomainReboot(domain, 0).Checked();

    public static void Reset(this DomainHandle domain) => Native.virDomainReset(domain, 0).Checked();

    public static void Suspend(this DomainHandle domain) => Native.virDomainSuspend(domain).Checked();

    public static void Resume(this DomainHandle domain) => Native.virDomainResume(domain).Checked();

    public static void Undefine(this DomainHandle domain, UndefineFlags flags = UndefineFlags.None) =>
        (flags == UndefineFlags.None ? Native.virDomainUndefine(domain) : Native.virDomainUndefineFlags(domain, (uint)flags)).Checked();

    public static string Xml(this DomainHandle domain, DomainXml form) => Native.virDomainGetXMLDesc(domain, (uint)form).TakenText();

    /// <summary>libvirt's state and reason numbers.</summary>
    public static DomainState State(this DomainHandle domain)
    {
        Native.virDomainGetState(domain, out var state, out var reason, 0).Checked();
        return new DomainState((DomainRunState)state, reason);
    }

    public static DomainFigures Figures(this DomainHandle domain)
    {
        Native.virDomainGetInfo(domain, out var info).Checked();
        return new DomainFigures(
            (DomainRunState)info.state, (long)info.maxMem.Value * 1024, (long)info.memory.Value * 1024, info.nrVirtCpu, TimeSpan.FromTicks((long)(info.cpuTime / 100)));
    }

    public static string Uuid(this DomainHandle domain)
    {
        var buffer = stackalloc byte[UuidLength];
        Native.virDomainGetUUIDString(domain, buffer).Checked();
        return Marshal.PtrToStringUTF8((nint)buffer) ?? "";
    }

    public static string Name(this DomainHandle domain) => Native.virDomainGetName(domain).LentText();

    public static bool IsPersistent(this DomainHandle domain) => Native.virDomainIsPersistent(domain).Checked() == 1;

    public static bool Autostart(this DomainHandle domain)
    {
        Native.virDomainGetAutostart(domain, out var autostart).Checked();
        return autostart != 0;
    }

    public static void SetAutostart(this DomainHandle domain, bool autostart) => Native.virDomainSetAutostart(domain, autostart ? 1 : 0).Checked();

    public static void AttachDevice(this DomainHandle domain, string xml, Affect affect) => Native.virDomainAttachDeviceFlags(domain, xml, (uint)affect).Checked();

    public static void DetachDevice(this DomainHandle domain, string xml, Affect affect) => Native.virDomainDetachDeviceFlags(domain, xml, (uint)affect).Checked();

    public static void UpdateDevice(this DomainHandle domain, string xml, Affect affect) => Native.virDomainUpdateDeviceFlags(domain, xml, (uint)affect).Checked();

    /// <summary>Grows a disk under a running domain. <paramref name="disk"/> is its target, vda, or its path.</summary>
    public static void ResizeDisk(this DomainHandle domain, string disk, long bytes) => Native.virDomainBlockResize(domain, disk, (ulong)bytes, ResizeInBytes).Checked();

    public static BlockFigures Disk(this DomainHandle domain, string disk)
    {
        Native.virDomainGetBlockInfo(domain, disk, out var info, 0).Checked();
        return new BlockFigures((long)info.capacity, (long)info.allocation, (long)info.physical);
    }

    /// <summary>Sets (null: takes away) the metadata element of a namespace.</summary>
    public static void SetMetadata(this DomainHandle domain, string? xml, string prefix, string space, Affect affect) =>
        Native.virDomainSetMetadata(domain, MetadataElement, xml, prefix, space, (uint)affect).Checked();

    public static ImmutableArray<InterfaceAddresses> Addresses(this DomainHandle domain, AddressSource source)
    {
        var count = Native.virDomainInterfaceAddresses(domain, out var array, (uint)source, 0).Checked();
        var found = ImmutableArray.CreateBuilder<InterfaceAddresses>(count);
        for (var i = 0; i < count; i++)
        {
            var one = array[i];
            var addresses = ImmutableArray.CreateBuilder<GuestAddress>((int)one->naddrs);
            for (var j = 0; j < one->naddrs; j++)
            {
                addresses.Add(new GuestAddress(TextAt(one->addrs[j].addr), (int)one->addrs[j].prefix, one->addrs[j].type == 1));
            }

            found.Add(new InterfaceAddresses(TextAt(one->name), TextAt(one->hwaddr), addresses.ToImmutable()));
            Native.virDomainInterfaceFree(one);
        }

        NativeMemory.Free(array);
        return found.ToImmutable();
    }

    /// <summary>The figures of all domains in one call, by libvirt's names ("state.state", "balloon.current", "block.0.capacity").</summary>
    public static ImmutableArray<DomainStats> AllStats(this ConnectHandle connect, DomainStatsGroups groups)
    {
        var count = Native.virConnectGetAllDomainStats(connect, (uint)groups, out var records, 0).Checked();
        try
        {
            var found = ImmutableArray.CreateBuilder<DomainStats>(count);
            for (var i = 0; i < count; i++)
            {
                found.Add(new DomainStats(UuidOf(records[i]->dom), Native.virDomainGetNameOf(records[i]->dom).LentText(), Parameters(records[i])));
            }

            return found.ToImmutable();
        }
        finally
        {
            Native.virDomainStatsRecordListFree(records);
        }
    }

    /// <summary>A command to the guest's agent, in its JSON; its answer.</summary>
    public static string AskAgent(this DomainHandle domain, string command, int seconds) =>
        Native.virDomainQemuAgentCommand(domain, command, seconds, 0).TakenText();

    public static bool HasSavedImage(this DomainHandle domain) => Native.virDomainHasManagedSaveImage(domain, 0).Checked() == 1;

    public static void RemoveSavedImage(this DomainHandle domain) => Native.virDomainManagedSaveRemove(domain, 0).Checked();

    /// <summary>The UUID of a domain that libvirt lends us.</summary>
    internal static string UuidOf(nint domain)
    {
        var buffer = stackalloc byte[UuidLength];
        return Native.virDomainGetUUIDStringOf(domain, buffer) == 0 ? Marshal.PtrToStringUTF8((nint)buffer) ?? "" : "";
    }

    internal static string TextAt(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>What a look at each gives, without those that somebody removed since they were listed.</summary>
    internal static IReadOnlyList<T> LookAtEach<THandle, T>(this IEnumerable<THandle> listed, Func<THandle, T> look)
    {
        var seen = new List<T>();
        foreach (var handle in listed)
        {
            try
            {
                seen.Add(look(handle));
            }
            catch (LibvirtException gone) when (gone.IsNotFound)
            {
                // Another run's, or it goes while we look.
            }
        }

        return seen;
    }

    internal static T? NullWhereGone<T>(Func<T> find)
        where T : class
    {
        try
        {
            return find();
        }
        catch (LibvirtException gone) when (gone.IsNotFound)
        {
            return null;
        }
    }

    private static ImmutableDictionary<string, object> Parameters(virDomainStatsRecord* record)
    {
        var found = ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < record->nparams; i++)
        {
            var parameter = &record->@params[i];
            var value = parameter->value;
            found[TextAt(parameter->field)] = parameter->type switch
            {
                1 => (long)(int)value,
                2 => (long)(uint)value,
                3 => (long)value,
                4 => unchecked((long)value),
                5 => BitConverter.UInt64BitsToDouble(value),
                6 => (byte)value != 0,
                _ => TextAt((byte*)value),
            };
        }

        return found.ToImmutable();
    }
}
