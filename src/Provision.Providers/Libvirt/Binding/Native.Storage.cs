using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial int virConnectListAllStoragePools(ConnectHandle connect, out nint* pools, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial PoolHandle virStoragePoolLookupByUUIDString(ConnectHandle connect, string uuid);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial PoolHandle virStoragePoolLookupByName(ConnectHandle connect, string name);

    [LibraryImport(Library)]
    public static partial PoolHandle virStoragePoolLookupByVolume(VolumeHandle volume);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial PoolHandle virStoragePoolDefineXML(ConnectHandle connect, string xml, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolFree(nint pool);

    [LibraryImport(Library)]
    public static partial int virStoragePoolBuild(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolCreate(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolDestroy(PoolHandle pool);

    [LibraryImport(Library)]
    public static partial int virStoragePoolDelete(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolUndefine(PoolHandle pool);

    [LibraryImport(Library)]
    public static partial int virStoragePoolRefresh(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolGetInfo(PoolHandle pool, out virStoragePoolInfo info);

    [LibraryImport(Library)]
    public static partial nint virStoragePoolGetXMLDesc(PoolHandle pool, uint flags);

    [LibraryImport(Library)]
    public static partial int virStoragePoolGetUUIDString(PoolHandle pool, byte* buffer);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Library)]
    public static partial nint virStoragePoolGetName(PoolHandle pool);

    [LibraryImport(Library)]
    public static partial int virStoragePoolGetAutostart(PoolHandle pool, out int autostart);

    [LibraryImport(Library)]
    public static partial int virStoragePoolSetAutostart(PoolHandle pool, int autostart);

    [LibraryImport(Library)]
    public static partial int virStoragePoolIsActive(PoolHandle pool);

    [LibraryImport(Library)]
    public static partial int virStoragePoolListAllVolumes(PoolHandle pool, out nint* volumes, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial VolumeHandle virStorageVolLookupByName(PoolHandle pool, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial VolumeHandle virStorageVolLookupByKey(ConnectHandle connect, string key);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial VolumeHandle virStorageVolLookupByPath(ConnectHandle connect, string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial VolumeHandle virStorageVolCreateXML(PoolHandle pool, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial VolumeHandle virStorageVolCreateXMLFrom(PoolHandle pool, string xml, VolumeHandle source, uint flags);

    [LibraryImport(Library)]
    public static partial int virStorageVolFree(nint volume);

    [LibraryImport(Library)]
    public static partial int virStorageVolDelete(VolumeHandle volume, uint flags);

    [LibraryImport(Library)]
    public static partial int virStorageVolResize(VolumeHandle volume, ulong capacity, uint flags);

    [LibraryImport(Library)]
    public static partial int virStorageVolGetInfo(VolumeHandle volume, out virStorageVolInfo info);

    [LibraryImport(Library)]
    public static partial nint virStorageVolGetXMLDesc(VolumeHandle volume, uint flags);

    [LibraryImport(Library)]
    public static partial nint virStorageVolGetPath(VolumeHandle volume);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Library)]
    public static partial nint virStorageVolGetKey(VolumeHandle volume);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Library)]
    public static partial nint virStorageVolGetName(VolumeHandle volume);

    [LibraryImport(Library)]
    public static partial int virStorageVolUpload(VolumeHandle volume, StreamHandle stream, ulong offset, ulong length, uint flags);

    [LibraryImport(Library)]
    public static partial int virStorageVolDownload(VolumeHandle volume, StreamHandle stream, ulong offset, ulong length, uint flags);
}
