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

/// <summary>The programs a Docker lab needs, installed where they are missing and that can be done; tried once a process.</summary>
internal static class LabPackages
{
    private static readonly (string Program, string Package)[] Needed =
        [("dockerd", "docker.io"), ("tini", "tini"), ("ip", "iproute2"), ("iptables", "iptables"), ("busybox", "busybox-static"), ("nsenter", "util-linux"), ("unshare", "util-linux")];

    private const string PolicyFile = "/usr/sbin/policy-rc.d";

    private static readonly Lazy<Task<string?>> Ensured = new(InstallAsync);

    /// <summary>Why there can be no lab here; null where there can.</summary>
    public static Task<string?> EnsureAsync(CancellationToken cancellationToken) => Ensured.Value.WaitAsync(cancellationToken);

    private static async Task<string?> InstallAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "a Docker lab needs root on Linux: it runs a daemon of its own in namespaces of its own";
        }

        var missing = Needed.Where(need => Find(need.Program) is null).ToArray();
        if (missing.Length == 0)
        {
            return null;
        }

        if (Find("apt-get") is null)
        {
            return $"a Docker lab needs {string.Join(", ", missing.Select(need => need.Program))}, and there is no apt-get to install them";
        }

        // Packages want to start their services; there may be no init to do so, and the lab starts its own.
        var policy = !File.Exists(PolicyFile);
        if (policy)
        {
            await File.WriteAllTextAsync(PolicyFile, "#!/bin/sh\nexit 101\n");
            File.SetUnixFileMode(PolicyFile, (UnixFileMode)0b111_101_101);
        }

        try
        {
            await LabProcess.RunAsync("apt-get", ["update", "-qq"], CancellationToken.None);
            var install = await LabProcess.RunAsync(
                "apt-get", ["install", "-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", .. missing.Select(need => need.Package).Distinct()], CancellationToken.None,
                ("DEBIAN_FRONTEND", "noninteractive"));
            var still = Needed.Where(need => Find(need.Program) is null).Select(need => need.Package).Distinct().ToArray();
            return still.Length == 0 ? null : $"the packages {string.Join(", ", still)} could not be installed: {install.Errors.Trim()}";
        }
        finally
        {
            if (policy)
            {
                File.Delete(PolicyFile);
            }
        }
    }

    /// <summary>The program's path; null where it is not installed.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/bin:/sbin:/bin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
