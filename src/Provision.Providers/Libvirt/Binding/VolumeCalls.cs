namespace Provision.Providers.Libvirt.Binding;

/// <summary>What is done to volumes. All of these block, and throw <see cref="LibvirtException"/>.</summary>
internal static unsafe class VolumeCalls
{
    public static HandleList<VolumeHandle> ListVolumes(this PoolHandle pool)
    {
        var count = Native.virStoragePoolListAllVolumes(pool, out var array, 0).Checked();
        return new HandleList<VolumeHandle>(array, count, owned => new VolumeHandle(owned));
    }

    public static VolumeHandle VolumeByName(this PoolHandle pool, string name) => Native.virStorageVolLookupByName(pool, name).Checked();

    public static VolumeHandle? FindVolume(this PoolHandle pool, string name) => DomainCalls.NullWhereGone(() => pool.VolumeByName(name));

    public static VolumeHandle VolumeByKey(this ConnectHandle connect, string key) => Native.virStorageVolLookupByKey(connect, key).Checked();

    public static VolumeHandle? FindVolume(this ConnectHandle connect, string key) => DomainCalls.NullWhereGone(() => connect.VolumeByKey(key));

    public static VolumeHandle VolumeByPath(this ConnectHandle connect, string path) => Native.virStorageVolLookupByPath(connect, path).Checked();

    public static VolumeHandle? FindVolumeByPath(this ConnectHandle connect, string path) => DomainCalls.NullWhereGone(() => connect.VolumeByPath(path));

    public static VolumeHandle CreateVolume(this PoolHandle pool, string xml) => Native.virStorageVolCreateXML(pool, xml, 0).Checked();

    /// <summary>A full copy, made by the daemon.</summary>
    public static VolumeHandle CloneVolume(this PoolHandle pool, string xml, VolumeHandle source) => Native.virStorageVolCreateXMLFrom(pool, xml, source, 0).Checked();

    /// <summary>The data is lost.</summary>
    public static void Delete(this VolumeHandle volume) => Native.virStorageVolDelete(volume, 0).Checked();

    /// <summary>Grows a volume that nobody has open; a running domain's is grown by <see cref="DomainCalls.ResizeDisk"/>.</summary>
    public static void Resize(this VolumeHandle volume, long bytes) => Native.virStorageVolResize(volume, (ulong)bytes, 0).Checked();

    public static VolumeFigures Figures(this VolumeHandle volume)
    {
        Native.virStorageVolGetInfo(volume, out var info).Checked();
        return new VolumeFigures((long)info.capacity, (long)info.allocation);
    }

    public static string Xml(this VolumeHandle volume) => Native.virStorageVolGetXMLDesc(volume, 0).TakenText();

    public static string Path(this VolumeHandle volume) => Native.virStorageVolGetPath(volume).TakenText();

    public static string Key(this VolumeHandle volume) => Native.virStorageVolGetKey(volume).LentText();

    public static string Name(this VolumeHandle volume) => Native.virStorageVolGetName(volume).LentText();
}
