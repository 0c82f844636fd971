using Provision.Engine.Contract;
using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Libvirt.Schema;

/// <summary>The inputs of <c>libvirt:index/domain:Domain</c>.</summary>
/// <remarks>
/// Upstream makes a new machine for most changes and takes others without applying them. Here a domain is redefined with the UUID and the MAC
/// addresses it has, so that only another name, architecture, firmware or root disk means another machine. Of disks and NICs each is
/// compared by itself (<see cref="DomainDiff"/>): an added one is live.
/// </remarks>
internal static class DomainTable
{
    public static readonly InputTable Table = new(
        new("arch", Text, Replace) { Computed = true },
        new("autostart", Flag, Live) { Computed = true },
        new("bootDevices", ObjectList, Restart),
        new("bootDevices[].devs", TextList, Restart) { Canonical = DomainCanonical.BootDevice, Expected = "hd, cdrom, network or fd" },
        new("cloudinit", Text, Restart),
        new("cmdlines", TextMapList, Restart),
        new("consoles", ObjectList, Restart),
        new("consoles[].sourceHost", Text, Restart) { Default = "127.0.0.1" },
        new("consoles[].sourcePath", Text, Restart),
        new("consoles[].sourceService", Text, Restart) { Default = "0" },
        new("consoles[].targetPort", Text, Restart) { Required = true, Canonical = DomainCanonical.Port, Expected = "a number such as 0" },
        new("consoles[].targetType", Text, Restart) { Canonical = DomainCanonical.ConsoleTarget, Expected = "serial, virtio, xen, lxc, sclp or sclplm" },
        new("consoles[].type", Text, Restart) { Required = true, Canonical = DomainCanonical.ConsoleType, Expected = "pty, tcp, dev, file, unix or null" },
        new("coreosIgnition", Text, Restart) { Default = "" },
        new("cpu", Nested, Restart) { Computed = true },
        new("cpu.mode", Text, Restart) { Computed = true, Canonical = DomainCanonical.CpuMode, Expected = "host-passthrough, host-model, maximum or custom" },
        new("description", Text, Live),
        new("disks", ObjectList, Restart),
        new("disks[].blockDevice", Text, Restart) { Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path such as /dev/sdb" },
        new("disks[].file", Text, Restart),
        new("disks[].scsi", Flag, Restart) { Default = false },
        new("disks[].url", Text, Restart) { Canonical = DomainCanonical.Url, Expected = "a URL such as https://host/disk.qcow2" },
        new("disks[].volumeId", Text, Restart),
        new("disks[].wwn", Text, Restart) { Computed = true, Canonical = DomainCanonical.Wwn, Expected = "sixteen hexadecimal digits" },
        new("emulator", Text, Restart) { Computed = true, Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path" },
        new("filesystems", ObjectList, Restart),
        new("filesystems[].accessmode", Text, Restart) { Default = "mapped", Canonical = DomainCanonical.AccessMode, Expected = "mapped, passthrough or squash" },
        new("filesystems[].readonly", Flag, Restart) { Default = true },
        new("filesystems[].source", Text, Restart) { Required = true },
        new("filesystems[].target", Text, Restart) { Required = true },
        new("firmware", Text, Replace) { Canonical = DomainCanonical.AbsolutePath, Expected = "the absolute path of a loader such as /usr/share/OVMF/OVMF_CODE.fd" },
        new("fwCfgName", Text, Restart) { Default = "opt/com.coreos/config", Canonical = DomainCanonical.FirmwareName, Expected = "a name that begins with opt/" },
        new("graphics", Nested, Restart),
        new("graphics.autoport", Flag, Restart) { Default = true },
        new("graphics.listenAddress", Text, Restart) { Default = "127.0.0.1" },
        new("graphics.listenType", Text, Restart) { Default = "none", Canonical = DomainCanonical.ListenType, Expected = "none, address, network or socket" },
        new("graphics.type", Text, Restart) { Default = "spice", Canonical = DomainCanonical.Graphics, Expected = "vnc or spice" },
        new("graphics.websocket", Integer, Restart) { Least = -1, Most = 65535 },
        new("initrd", Text, Restart),
        new("kernel", Text, Restart),
        new("machine", Text, Restart) { Computed = true },
        new("memory", Integer, Restart) { Default = 512, Least = 1, SizeUnit = SizedInput.Mebibytes },
        new("metadata", Text, Live),
        new("name", Text, Replace) { Canonical = DomainCanonical.Name, Expected = DomainCanonical.NameExpected },
        new("networkInterfaces", ObjectList, Restart),
        new("networkInterfaces[].addresses", TextList, Restart) { Computed = true, Canonical = DomainCanonical.Address, Expected = "IP addresses" },
        new("networkInterfaces[].bridge", Text, Restart),
        new("networkInterfaces[].hostname", Text, Live) { Computed = true, Canonical = DomainCanonical.HostName, Expected = "a host name" },
        new("networkInterfaces[].mac", Text, Restart) { Computed = true, Canonical = DomainCanonical.Mac, Expected = "a MAC address such as 52:54:00:12:34:56, not a multicast one" },
        new("networkInterfaces[].macvtap", Text, Restart),
        new("networkInterfaces[].networkId", Text, Restart) { Computed = true },
        new("networkInterfaces[].networkName", Text, Restart) { Computed = true },
        new("networkInterfaces[].passthrough", Text, Restart),
        new("networkInterfaces[].vepa", Text, Restart),
        new("networkInterfaces[].waitForLease", Flag, StateOnly),
        new("nvram", Nested, Replace) { Computed = true },
        new("nvram.file", Text, Replace) { Computed = true, Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path" },
        new("nvram.template", Text, Replace) { Computed = true, Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path" },
        new("qemuAgent", Flag, StateOnly) { Default = false },
        new("running", Flag, Restart) { Default = true },
        new("tpm", Nested, Restart),
        new("tpm.backendDevicePath", Text, Restart) { Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path such as /dev/tpm0" },
        new("tpm.backendEncryptionSecret", Text, Restart) { Canonical = DomainCanonical.Uuid, Expected = "the UUID of a libvirt secret" },
        new("tpm.backendPersistentState", Flag, Restart),
        new("tpm.backendType", Text, Restart) { Default = "emulator", Canonical = DomainCanonical.TpmBackend, Expected = "emulator or passthrough" },
        new("tpm.backendVersion", Text, Restart) { Canonical = DomainCanonical.TpmVersion, Expected = "1.2 or 2.0" },
        new("tpm.model", Text, Restart) { Canonical = DomainCanonical.TpmModel, Expected = "tpm-tis, tpm-crb or tpm-spapr" },
        new("type", Text, Restart) { Computed = true },
        new("vcpu", Integer, Restart) { Default = 1, Least = 1 },
        new("video", Nested, Restart),
        new("video.type", Text, Restart) { Default = "cirrus" },
        new("xml", Nested, Restart),
        new("xml.xslt", Text, Restart));
}
