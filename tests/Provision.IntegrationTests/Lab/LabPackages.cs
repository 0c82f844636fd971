using Provision.IntegrationTests.Lab;
using Xunit;

[assembly: AssemblyFixture(typeof(LabPackagesFixture))]

namespace Provision.IntegrationTests.Lab;

/// <summary>
/// Installs what labs need before the first test runs: later, tests of the package provider hold apt's locks now and then.
/// </summary>
public sealed class LabPackagesFixture : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await LabPackages.EnsureAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The programs that labs need, installed where they are missing and that can be done; tried once a process.</summary>
internal static class LabPackages
{
    private static readonly (string Program, string Package)[] ForContainers =
        [("dockerd", "docker.io"), ("tini", "tini"), ("ip", "iproute2"), ("iptables", "iptables"), ("busybox", "busybox-static"), ("nsenter", "util-linux"), ("unshare", "util-linux")];

    private static readonly (string Program, string Package)[] ForMachines =
    [
        .. ForContainers.Where(need => need.Program != "dockerd"),
        ("libvirtd", "libvirt-daemon-system"), ("libvirtd", "libvirt-daemon-driver-qemu"), ("virsh", "libvirt-clients"), ("qemu-system-x86_64", "qemu-system-x86"), ("qemu-img", "qemu-utils"),
        ("dnsmasq", "dnsmasq-base"), ("genisoimage", "genisoimage"), ("dropbear", "dropbear-bin"), ("ssh", "openssh-client"), ("cpio", "cpio"), ("mke2fs", "e2fsprogs"), ("mmdebstrap", "mmdebstrap"),
        ("swtpm", "swtpm"), ("swtpm_setup", "swtpm-tools"), ("/usr/share/OVMF/OVMF_CODE_4M.fd", "ovmf"),
    ];

    private const string PolicyFile = "/usr/sbin/policy-rc.d";

    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>Why there can be no lab with a Docker daemon here; null where there can.</summary>
    public static Task<string?> EnsureAsync(CancellationToken cancellationToken) => EnsureAsync(ForContainers, cancellationToken);

    /// <summary>Why there can be no lab with virtual machines here; null where there can.</summary>
    public static Task<string?> EnsureMachinesAsync(CancellationToken cancellationToken) => EnsureAsync(ForMachines, cancellationToken);

    private static async Task<string?> EnsureAsync((string Program, string Package)[] needs, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "a lab needs root on Linux: it runs daemons of its own in namespaces of its own";
        }

        var said = await Installed.Value.WaitAsync(cancellationToken);
        var missing = Missing(needs);
        return missing.Length == 0 ? null : $"a lab needs the packages {string.Join(", ", missing)}, and they could not be installed: {said}";
    }

    private static string[] Missing(IEnumerable<(string Program, string Package)> needs) =>
        [.. needs.Where(need => Find(need.Program) is null).Select(need => need.Package).Distinct()];

    private static async Task<string> InstallAsync()
    {
        if (Missing(ForContainers.Concat(ForMachines)).Length == 0)
        {
            return "";
        }

        if (Find("apt-get") is null)
        {
            return "there is no apt-get";
        }

        // Packages want to start their services; there may be no init to do so, and the lab starts its own.
        var policy = !File.Exists(PolicyFile);
        if (policy && OperatingSystem.IsLinux())
        {
            await File.WriteAllTextAsync(PolicyFile, "#!/bin/sh\nexit 101\n");
            File.SetUnixFileMode(PolicyFile, (UnixFileMode)0b111_101_101);
        }

        try
        {
            await LabProcess.RunAsync("apt-get", ["update", "-qq"], CancellationToken.None);
            var said = "";
            foreach (var needs in new[] { ForContainers, ForMachines })
            {
                // Each by itself: where one of the machines' packages is nowhere, there are still containers.
                var install = await LabProcess.RunAsync(
                    "apt-get", ["install", "-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", .. Missing(needs)], CancellationToken.None, ("DEBIAN_FRONTEND", "noninteractive"));
                said += install.ExitCode == 0 ? "" : install.Errors;
            }

            return said.Trim();
        }
        finally
        {
            if (policy)
            {
                File.Delete(PolicyFile);
            }
        }
    }

    /// <summary>The program's path, or that of a file given by its whole path; null where it is not installed.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/bin:/sbin:/bin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
