using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>Questions to a connection as a whole. All of these block, and throw <see cref="LibvirtException"/>.</summary>
internal static unsafe class ConnectCalls
{
    public static string CapabilitiesXml(this ConnectHandle connect) => Native.virConnectGetCapabilities(connect).TakenText();

    public static string DomainCapabilitiesXml(this ConnectHandle connect, string? emulator, string? arch, string? machine, string? type) =>
        Native.virConnectGetDomainCapabilities(connect, emulator, arch, machine, type, 0).TakenText();

    /// <summary>The version of the libvirt that answers, 9.0.0.</summary>
    public static Version LibraryVersion(this ConnectHandle connect)
    {
        Native.virConnectGetLibVersion(connect, out var version).Checked();
        return VersionOf(version);
    }

    /// <summary>The version of the hypervisor behind it.</summary>
    public static Version HypervisorVersion(this ConnectHandle connect)
    {
        Native.virConnectGetVersion(connect, out var version).Checked();
        return VersionOf(version);
    }

    public static string HostName(this ConnectHandle connect) => Native.virConnectGetHostname(connect).TakenText();

    /// <summary>The driver's own name, "QEMU".</summary>
    public static string DriverName(this ConnectHandle connect) => Native.virConnectGetType(connect).LentText();

    public static HostFigures Host(this ConnectHandle connect)
    {
        Native.virNodeGetInfo(connect, out var info).Checked();
        return new HostFigures(Marshal.PtrToStringUTF8((nint)info.model) ?? "", (long)info.memory.Value * 1024, (int)info.cpus);
    }

    /// <summary>Bytes; null where the driver cannot tell.</summary>
    public static long? FreeMemory(this ConnectHandle connect) => Native.virNodeGetFreeMemory(connect) is var free and > 0 ? (long)free : null;

    private static Version VersionOf(CULong version)
    {
        var number = (int)version.Value;
        return new Version(number / 1_000_000, number / 1000 % 1000, number % 1000);
    }
}

/// <summary>The machine that a libvirt runs on.</summary>
/// <param name="Arch">Such as x86_64.</param>
/// <param name="Memory">Bytes.</param>
/// <param name="Processors">Of all sockets.</param>
internal sealed record HostFigures(string Arch, long Memory, int Processors);
