using System.Globalization;

namespace Provision.Cli.Doctor;

/// <summary>What the facts mean for machines. Pure. Nothing of it is a failure where no machine is declared, so that much is a warning.</summary>
internal static class VirtualizationChecks
{
    private const string Category = "machines";
    private const long LowSpace = 2L << 30;

    /// <summary>What machines need of programs: any of the first, the package that has it, and what it is for.</summary>
    private static readonly (string[] Programs, string Package, string Purpose)[] Tools =
    [
        (["qemu-system-x86_64", "qemu-system-aarch64", "qemu-kvm"], "qemu-system-x86", "runs machines"),
        (["qemu-img"], "qemu-utils", "makes disk images"),
        (["mke2fs"], "e2fsprogs", "makes the file systems of built images"),
        (["genisoimage", "xorriso", "mkisofs"], "genisoimage", "makes first-boot disks"),
        (["dnsmasq"], "dnsmasq-base", "gives machines their addresses"),
        (["ssh"], "openssh-client", "is what `provision ssh` runs"),
    ];

    /// <summary>All programs that are looked for.</summary>
    public static IEnumerable<string> Programs => Tools.SelectMany(tool => tool.Programs);

    public static IEnumerable<DoctorCheck> Of(VirtualizationFacts facts)
    {
        yield return Kvm(facts);
        if (Nested(facts) is { } nested)
        {
            yield return nested;
        }

        yield return Library(facts);
        yield return Daemon(facts);
        if (Groups(facts) is { } groups)
        {
            yield return groups;
        }

        foreach (var (programs, package, purpose) in Tools)
        {
            var found = programs.Select(program => facts.Programs.GetValueOrDefault(program)).FirstOrDefault(path => path is not null);
            yield return found is not null
                ? Ok(programs[0], found)
                : Warning(programs[0], $"not there; it {purpose}", $"A stack that prepares its hypervisor installs it; by hand: the package {package}.");
        }

        foreach (var (folder, free) in facts.Free)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):0.0} GiB");
            yield return free < LowSpace
                ? Warning($"space at {folder}", text, "Free some, or give the stack's pool a folder elsewhere: a machine whose disk cannot grow stops.")
                : Ok($"space at {folder}", text);
        }

        yield return Subnets(facts);
        yield return facts.IpForward switch
        {
            "1" => Ok("forwarding", "on"),
            null => Ok("forwarding", "cannot be told"),
            _ => Ok("forwarding", "off; libvirt turns it on with the first NAT or routed network"),
        };
        yield return Ok("AppArmor", (facts.HasAppArmor, facts.AppArmorHasLibvirt) switch
        {
            (false, _) => "not in force",
            (true, true) => "in force: a machine may open the disks it is made of, and no more",
            (true, false) => "in force, without a profile for libvirt: machines are not confined",
        });
    }

    // A device alone is no proof: kernels offer one that no machine may be started on, which is worth saying.
    private static DoctorCheck Kvm(VirtualizationFacts facts)
    {
        const string emulation = "machines run by plain emulation, which is right for labs of small ones and about ten times slower";
        return facts.Virtualization switch
        {
            { Works: true } => Ok("KVM", "the CPU offers virtualisation, and /dev/kvm opens"),
            { Why: var why } when why.Contains("CPU", StringComparison.Ordinal) => Ok("KVM", $"{why}{(facts.HasDevice ? ", so /dev/kvm is not used though it is there" : "")}; {emulation}"),
            { Why: var why } => Warning("KVM", $"{why}; {emulation}", facts.HasDevice
                ? $"sudo usermod -aG kvm {facts.User}, then log in again."
                : "Load it (modprobe kvm_intel or kvm_amd), or switch virtualisation on in the firmware."),
        };
    }

    private static DoctorCheck? Nested(VirtualizationFacts facts) => facts.Nested is not { } nested || !facts.HasDevice
        ? null
        : nested is "Y" or "1" ? Ok("nested", "machines can have machines in them")
        : Ok("nested", "off: machines have no virtualisation of their own (kvm_intel.nested=1 or kvm_amd.nested=1 turns it on)");

    private static DoctorCheck Library(VirtualizationFacts facts) => facts.HasLibrary
        ? Ok("libvirt library", "libvirt.so.0 loads")
        : Warning("libvirt library", "libvirt.so.0 is not there", "A stack that prepares its hypervisor installs it; by hand: the package libvirt0 (Debian, Ubuntu) or libvirt-libs (Fedora).");

    private static DoctorCheck Daemon(VirtualizationFacts facts) => facts switch
    {
        { Daemon: { } daemon } => Ok("libvirt daemon", daemon),
        { DaemonProblem: { } problem } => new DoctorCheck(
            Category, "libvirt daemon", problem.Denied ? DoctorStatus.Failed : DoctorStatus.Warning, problem.Message, problem.Remedy ?? "Start it: systemctl start libvirtd, or see its log."),
        { Socket: null } => Warning("libvirt daemon", "not running: there is no socket in /run/libvirt", "A stack that declares its hypervisor installs and starts it."),
        _ => Warning("libvirt daemon", $"{facts.Socket} is there, and without the library nobody can ask it", "Install libvirt's library first."),
    };

    private static DoctorCheck? Groups(VirtualizationFacts facts)
    {
        string[] missing = facts.IsRoot ? [] : [.. ((string[])["libvirt", "kvm"]).Where(group => facts.KnownGroups.Contains(group) && !facts.Groups.Contains(group))];
        return facts.IsRoot ? Ok("groups", "root needs none")
            : missing.Length > 0 ? Warning("groups", $"{facts.User} is not in {string.Join(" and ", missing)}", $"sudo usermod -aG {string.Join(',', missing)} {facts.User}, then log in again.")
            : facts.KnownGroups.Contains("libvirt") ? Ok("groups", $"{facts.User} is in libvirt{(facts.Groups.Contains("kvm") ? " and kvm" : "")}")
            : null;
    }

    private static DoctorCheck Subnets(VirtualizationFacts facts)
    {
        var clashes =
            from at in Enumerable.Range(0, facts.Subnets.Length)
            from next in Enumerable.Range(at + 1, facts.Subnets.Length - at - 1)
            let pair = (One: facts.Subnets[at], Other: facts.Subnets[next])
            where pair.One.Interface != pair.Other.Interface && pair.One.Overlaps(pair.Other)
            select $"{pair.One} and {pair.Other}";
        string[] found = [.. clashes];
        return found.Length > 0
            ? Warning("subnets in use", $"overlap: {string.Join("; ", found.Take(3))}", "Give one of the two networks another subnet.")
            : Ok("subnets in use", facts.Subnets.IsEmpty ? "none" : $"{string.Join(", ", facts.Subnets.Take(12))}{(facts.Subnets.Length > 12 ? $" and {facts.Subnets.Length - 12} more" : "")}; networks of machines need others");
    }

    private static DoctorCheck Ok(string name, string message) => new(Category, name, DoctorStatus.Ok, message);

    private static DoctorCheck Warning(string name, string message, string fix) => new(Category, name, DoctorStatus.Warning, message, fix);
}
