namespace Provision.Providers.Libvirt.Binding;

/// <summary>What is done to snapshots of domains. All of these block, and throw <see cref="LibvirtException"/>.</summary>
internal static unsafe class SnapshotCalls
{
    public static SnapshotHandle CreateSnapshot(this DomainHandle domain, string xml) => Native.virDomainSnapshotCreateXML(domain, xml, 0).Checked();

    public static HandleList<SnapshotHandle> ListSnapshots(this DomainHandle domain)
    {
        var count = Native.virDomainListAllSnapshots(domain, out var array, 0).Checked();
        return new HandleList<SnapshotHandle>(array, count, owned => new SnapshotHandle(owned));
    }

    public static SnapshotHandle SnapshotByName(this DomainHandle domain, string name) => Native.virDomainSnapshotLookupByName(domain, name, 0).Checked();

    public static SnapshotHandle? FindSnapshot(this DomainHandle domain, string name) => DomainCalls.NullWhereGone(() => domain.SnapshotByName(name));

    public static string Name(this SnapshotHandle snapshot) => Native.virDomainSnapshotGetName(snapshot).LentText();

    public static string Xml(this SnapshotHandle snapshot) => Native.virDomainSnapshotGetXMLDesc(snapshot, 0).TakenText();

    public static bool IsCurrent(this SnapshotHandle snapshot) => Native.virDomainSnapshotIsCurrent(snapshot, 0).Checked() == 1;

    public static void RevertTo(this SnapshotHandle snapshot, RevertFlags flags = RevertFlags.None) => Native.virDomainRevertToSnapshot(snapshot, (uint)flags).Checked();

    public static void Delete(this SnapshotHandle snapshot, SnapshotDeleteFlags flags = SnapshotDeleteFlags.None) =>
        Native.virDomainSnapshotDelete(snapshot, (uint)flags).Checked();
}
