using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>What is done to storage pools. All of these block, and throw <see cref="LibvirtException"/>.</summary>
internal static unsafe class PoolCalls
{
    private const int UuidLength = 37;

    public static HandleList<PoolHandle> ListPools(this ConnectHandle connect)
    {
        var count = Native.virConnectListAllStoragePools(connect, out var array, 0).Checked();
        return new HandleList<PoolHandle>(array, count, owned => new PoolHandle(owned));
    }

    public static PoolHandle PoolByUuid(this ConnectHandle connect, string uuid) => Native.virStoragePoolLookupByUUIDString(connect, uuid).Checked();

    public static PoolHandle PoolByName(this ConnectHandle connect, string name) => Native.virStoragePoolLookupByName(connect, name).Checked();

    public static PoolHandle? FindPool(this ConnectHandle connect, string uuid) => DomainCalls.NullWhereGone(() => connect.PoolByUuid(uuid));

    public static PoolHandle? FindPoolByName(this ConnectHandle connect, string name) => DomainCalls.NullWhereGone(() => connect.PoolByName(name));

    public static PoolHandle Pool(this VolumeHandle volume) => Native.virStoragePoolLookupByVolume(volume).Checked();

    public static PoolHandle DefinePool(this ConnectHandle connect, string xml) => Native.virStoragePoolDefineXML(connect, xml, 0).Checked();

    /// <summary>Makes what the pool stands on: the folder, the volume group.</summary>
    public static void Build(this PoolHandle pool) => Native.virStoragePoolBuild(pool, 0).Checked();

    public static void Start(this PoolHandle pool) => Native.virStoragePoolCreate(pool, 0).Checked();

    /// <summary>libvirt's "destroy": it is not looked after any more; definition and data stay.</summary>
    public static void Stop(this PoolHandle pool) => Native.virStoragePoolDestroy(pool).Checked();

    /// <summary>Takes away what <see cref="Build"/> made; refused where a folder is not empty.</summary>
    public static void Remove(this PoolHandle pool) => Native.virStoragePoolDelete(pool, 0).Checked();

    public static void Undefine(this PoolHandle pool) => Native.virStoragePoolUndefine(pool).Checked();

    /// <summary>Looks at the folder anew.</summary>
    public static void Refresh(this PoolHandle pool) => Native.virStoragePoolRefresh(pool, 0).Checked();

    public static PoolFigures Figures(this PoolHandle pool)
    {
        Native.virStoragePoolGetInfo(pool, out var info).Checked();
        return new PoolFigures((PoolStatus)info.state, (long)info.capacity, (long)info.allocation, (long)info.available);
    }

    public static string Xml(this PoolHandle pool) => Native.virStoragePoolGetXMLDesc(pool, 0).TakenText();

    public static string Uuid(this PoolHandle pool)
    {
        var buffer = stackalloc byte[UuidLength];
        Native.virStoragePoolGetUUIDString(pool, buffer).Checked();
        return Marshal.PtrToStringUTF8((nint)buffer) ?? "";
    }

    public static string Name(this PoolHandle pool) => Native.virStoragePoolGetName(pool).LentText();

    public static bool IsActive(this PoolHandle pool) => Native.virStoragePoolIsActive(pool).Checked() == 1;

    public static bool Autostart(this PoolHandle pool)
    {
        Native.virStoragePoolGetAutostart(pool, out var autostart).Checked();
        return autostart != 0;
    }

    public static void SetAutostart(this PoolHandle pool, bool autostart) => Native.virStoragePoolSetAutostart(pool, autostart ? 1 : 0).Checked();
}
