using System.Globalization;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker;
using Provision.Providers.Hosts;

namespace Provision.Cli.Doctor;

/// <summary>What can be told of the machine: runtime, rights, tools, daemon, terminal.</summary>
internal static class MachineChecks
{
    private static readonly TimeSpan DaemonLimit = TimeSpan.FromSeconds(5);

    public static IEnumerable<DoctorCheck> Process(Invocation invocation)
    {
        yield return new DoctorCheck("runtime", ".NET", DoctorStatus.Ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}");
        var io = invocation.Io;
        yield return io.OutIsTerminal
            ? new DoctorCheck(
                "terminal", "size", io.Width < 40 ? DoctorStatus.Warning : DoctorStatus.Ok,
                $"{io.Width} × {io.Height}, {(invocation.Out.HasColor ? "coloured" : "without colour")}", io.Width < 40 ? "Make the window wider; lines are cut at its edge." : null)
            : new DoctorCheck("terminal", "size", DoctorStatus.Ok, "none: progress comes as plain lines, and operations need --yes");
    }

    public static async Task<IReadOnlyList<DoctorCheck>> HostAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transport = new LocalTransport(clock);
        HostAccess access;
        try
        {
            access = await HostAccess.ReadAsync(transport, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or ProviderException or TimeoutException)
        {
            return [new DoctorCheck("host", "access", DoctorStatus.Failed, exception.Message, "Check that a shell can be started.")];
        }

        return
        [
            access.Rights switch
            {
                HostRights.Root => new DoctorCheck("host", "rights", DoctorStatus.Ok, "root"),
                HostRights.PasswordlessSudo => new DoctorCheck("host", "rights", DoctorStatus.Ok, "sudo without a password"),
                _ => new DoctorCheck("host", "rights", DoctorStatus.Warning, "neither root nor sudo without a password: the host cannot be prepared", "Run as root, or allow sudo without a password."),
            },
            access.Packages == PackageTool.None
                ? new DoctorCheck("host", "package manager", DoctorStatus.Warning, "neither apt nor dnf: packages cannot be installed", "Install what stacks need by hand.")
                : new DoctorCheck("host", "package manager", DoctorStatus.Ok, access.Packages.ToString().ToLowerInvariant()),
            new DoctorCheck("host", "init system", DoctorStatus.Ok, access.Init switch
            {
                InitSystem.Systemd => "systemd",
                InitSystem.Scripts => "init scripts",
                _ => "none: services are started directly and supervised",
            }),
            Tini(access.Init),
            Cgroups(),
        ];
    }

    public static async Task<IReadOnlyList<DoctorCheck>> DockerAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DaemonLimit);
        await using var docker = DockerAccess.Open(PropertyMap.Empty);
        var checks = new List<DoctorCheck>();
        try
        {
            var daemon = await docker.DescribeAsync(limit.Token);
            checks.Add(new DoctorCheck("docker", "engine", DoctorStatus.Ok, $"{daemon.Version} at {docker.Endpoint}, {daemon.OperatingSystem}/{daemon.Architecture}"));
            var supported = Version.TryParse(daemon.ApiVersion, out var api) && api >= new Version(1, 41);
            checks.Add(new DoctorCheck(
                "docker", "API", supported ? DoctorStatus.Ok : DoctorStatus.Failed, daemon.ApiVersion, supported ? null : "Install an engine with API 1.41 (20.10) or later."));
        }
        catch (ProviderException exception)
        {
            var denied = exception.Failure == ProviderFailure.Unauthorized;
            checks.Add(new DoctorCheck(
                "docker", "engine", denied ? DoctorStatus.Failed : DoctorStatus.Warning, exception.Message, exception.Remedy ?? "A stack that declares its engine installs and starts it."));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            checks.Add(new DoctorCheck(
                "docker", "engine", DoctorStatus.Failed, $"{docker.Endpoint} does not answer within {DaemonLimit.TotalSeconds:0} s", "Restart the Docker engine."));
        }

        try
        {
            var free = FreeSubnets.Count();
            checks.Add(new DoctorCheck(
                "docker", "free subnets", free < 5 ? DoctorStatus.Warning : DoctorStatus.Ok,
                string.Create(CultureInfo.InvariantCulture, $"{free} of the {FreeSubnets.Total} default address pools are free on this machine"),
                free < 5 ? "Remove unused networks, give networks small subnets of their own, or set default-address-pools in daemon.json." : null));
        }
        catch (NetworkInformationException exception)
        {
            checks.Add(new DoctorCheck("docker", "free subnets", DoctorStatus.Warning, exception.Message, "Check that network interfaces can be listed."));
        }

        return checks;
    }

    private static DoctorCheck Tini(InitSystem init)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "tini")).FirstOrDefault(File.Exists);
        return found is not null ? new DoctorCheck("host", "tini", DoctorStatus.Ok, found)
            : new DoctorCheck("host", "tini", DoctorStatus.Ok, init == InitSystem.None ? "not there; installed when a service is first started" : "not there, and not needed");
    }

    private static DoctorCheck Cgroups() =>
        File.Exists("/sys/fs/cgroup/cgroup.controllers") ? new DoctorCheck("host", "cgroups", DoctorStatus.Ok, "version 2")
        : Directory.Exists("/sys/fs/cgroup/memory") ? new DoctorCheck("host", "cgroups", DoctorStatus.Ok, "version 1")
        : new DoctorCheck("host", "cgroups", DoctorStatus.Warning, "not mounted: containers cannot have limits", "Mount them: mount -t cgroup2 none /sys/fs/cgroup");
}
