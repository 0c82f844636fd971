using System.Collections.Immutable;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;

namespace Provision.Cli.Doctor;

/// <summary>Finds the facts out. Looks only: no file is written, no machine started, and no daemon waited for long.</summary>
internal static class VirtualizationProbe
{
    private const string SystemUri = "qemu:///system";

    /// <summary>A daemon that has just started first asks its emulators what they can.</summary>
    private static readonly TimeSpan DaemonLimit = TimeSpan.FromSeconds(10);

    private static readonly string[] Sockets = ["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock", "/var/run/libvirt/libvirt-sock"];
    private static readonly string[] Folders = ["/var/lib/provision", "/var/lib/libvirt/images"];

    public static async Task<VirtualizationFacts> ReadAsync(Invocation invocation)
    {
        var socket = Sockets.FirstOrDefault(File.Exists);
        var hasLibrary = HasLibrary();
        var (daemon, problem) = socket is not null && hasLibrary ? await AskAsync(invocation) : (null, null);
        var groups = TextOf("/etc/group")?.Split('\n').Select(line => line.Split(':')).Where(parts => parts.Length >= 4).ToArray() ?? [];
        var user = Environment.UserName;
        return new VirtualizationFacts
        {
            Virtualization = HostVirtualization.Detect(),
            HasDevice = File.Exists("/dev/kvm"),
            Nested = TextOf("/sys/module/kvm_intel/parameters/nested") ?? TextOf("/sys/module/kvm_amd/parameters/nested"),
            IsRoot = Environment.IsPrivilegedProcess,
            User = user,
            Groups = [.. groups.Where(parts => parts[3].Split(',').Contains(user)).Select(parts => parts[0])],
            KnownGroups = [.. groups.Select(parts => parts[0])],
            HasLibrary = hasLibrary,
            Socket = socket,
            Daemon = daemon,
            DaemonProblem = problem,
            Programs = VirtualizationChecks.Programs.Distinct()
                .ToImmutableSortedDictionary(program => program, program => Cli.Programs.TryFind(invocation.Io.Environment("PATH"), program), StringComparer.Ordinal),
            Free = Folders.ToImmutableSortedDictionary(folder => folder, FreeAt, StringComparer.Ordinal),
            Subnets = Subnets(),
            IpForward = TextOf("/proc/sys/net/ipv4/ip_forward"),
            HasAppArmor = TextOf("/sys/module/apparmor/parameters/enabled") == "Y",
            AppArmorHasLibvirt = Directory.Exists("/etc/apparmor.d/libvirt"),
        };
    }

    private static bool HasLibrary()
    {
        if (!NativeLibrary.TryLoad("libvirt.so.0", out var library))
        {
            return false;
        }

        NativeLibrary.Free(library);
        return true;
    }

    private static async Task<(string? Daemon, (string, string?, bool)? Problem)> AskAsync(Invocation invocation)
    {
        using var limit = new CancellationTokenSource(DaemonLimit, invocation.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, invocation.Token);
        await using var machines = invocation.Composition.OpenMachines(PropertyMap.Of(("uri", SystemUri)));
        try
        {
            var said = await machines.DescribeAsync(either.Token).WaitAsync(either.Token);
            return ($"{said.Driver} {said.HypervisorVersion}, libvirt {said.DaemonVersion} at {SystemUri} (library {said.LibraryVersion})", null);
        }
        catch (ProviderException failure)
        {
            return (null, (failure.Message, failure.Remedy, failure.Failure == ProviderFailure.Unauthorized));
        }
        catch (OperationCanceledException) when (!invocation.Token.IsCancellationRequested)
        {
            return (null, ($"{SystemUri} does not answer within {DaemonLimit.TotalSeconds:0} s", "Restart libvirtd, and see its log.", false));
        }
    }

    private static long FreeAt(string folder)
    {
        var at = folder;
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } above)
        {
            at = above;
        }

        return new DriveInfo(at).AvailableFreeSpace;
    }

    private static ImmutableArray<UsedSubnet> Subnets()
    {
        try
        {
            return FreeSubnets.InUse();
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static string? TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
