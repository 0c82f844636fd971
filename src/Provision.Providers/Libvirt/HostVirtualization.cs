using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt;

/// <summary>
/// Whether this machine can run guests on its processor. The word of <c>/dev/kvm</c> or of libvirt alone is not enough: a kernel may offer both
/// where the processor offers nothing, and such a guest can take the host with it.
/// </summary>
/// <param name="Works">KVM can be used.</param>
/// <param name="Why">Why not, to follow "plain emulation:"; empty where it can.</param>
public sealed record HostVirtualization(bool Works, string Why)
{
    public static readonly HostVirtualization Usable = new(true, "");

    /// <summary>The facts of the machine this process runs on.</summary>
    public static HostVirtualization Detect() => Of(
        RuntimeInformation.ProcessArchitecture, ReadLines("/proc/cpuinfo"), File.Exists("/dev/kvm"), CanOpen("/dev/kvm"));

    /// <summary>Decides from facts. Pure.</summary>
    /// <param name="architecture">The processor's.</param>
    /// <param name="cpuInfo">The lines of <c>/proc/cpuinfo</c>.</param>
    /// <param name="deviceExists">Whether there is a <c>/dev/kvm</c>.</param>
    /// <param name="deviceOpens">Whether it can be opened.</param>
    public static HostVirtualization Of(Architecture architecture, IEnumerable<string> cpuInfo, bool deviceExists, bool deviceOpens)
    {
        if (!CpuOffers(architecture, cpuInfo, deviceExists))
        {
            return new HostVirtualization(false, "this CPU offers no virtualisation");
        }

        return !deviceExists ? new HostVirtualization(false, "there is no /dev/kvm: the kernel's module is not loaded, or the firmware has it switched off")
            : !deviceOpens ? new HostVirtualization(false, "you may not open /dev/kvm: join the group 'kvm'")
            : Usable;
    }

    /// <summary>
    /// On x86 the processor says it in its flags; elsewhere the kernel makes the device only where it was started in the mode that may host guests
    /// (EL2 on ARM, HV on POWER, SIE on Z).
    /// </summary>
    private static bool CpuOffers(Architecture architecture, IEnumerable<string> cpuInfo, bool deviceExists) => architecture switch
    {
        // flags           : fpu vme de pse … vmx … (svm on AMD)
        Architecture.X64 or Architecture.X86 => cpuInfo
            .Where(line => line.StartsWith("flags", StringComparison.Ordinal))
            .Any(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(flag => flag is "vmx" or "svm")),

        // features        : esan3 zarch stfle … sie
        Architecture.S390x => cpuInfo.Any(line =>
            line.StartsWith("features", StringComparison.Ordinal) && line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Contains("sie")),
        _ => deviceExists,
    };

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool CanOpen(string path)
    {
        try
        {
            using var device = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
