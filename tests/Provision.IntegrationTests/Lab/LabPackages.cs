namespace Provision.IntegrationTests.Lab;

/// <summary>The programs a Docker lab needs, installed where they are missing and that can be done.</summary>
internal static class LabPackages
{
    private static readonly (string Program, string Package)[] Needed =
        [("dockerd", "docker.io"), ("tini", "tini"), ("ip", "iproute2"), ("iptables", "iptables"), ("busybox", "busybox-static"), ("nsenter", "util-linux"), ("unshare", "util-linux")];

    private const string PolicyFile = "/usr/sbin/policy-rc.d";

    /// <summary>Why there can be no lab here; null where there can.</summary>
    public static async Task<string?> EnsureAsync(CancellationToken cancellationToken)
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
            await File.WriteAllTextAsync(PolicyFile, "#!/bin/sh\nexit 101\n", cancellationToken);
            File.SetUnixFileMode(PolicyFile, (UnixFileMode)0b111_101_101);
        }

        try
        {
            await LabProcess.RunAsync("apt-get", ["update", "-qq"], cancellationToken);
            var install = await LabProcess.RunAsync(
                "apt-get", ["install", "-qq", "-y", "--no-install-recommends", .. missing.Select(need => need.Package).Distinct()], cancellationToken,
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
