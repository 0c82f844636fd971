using System.Diagnostics;
using System.Globalization;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>
/// This machine as if it had just been set up and had no init system: its programs and packages are there, nothing runs, and /run, /var,
/// /etc/docker and /etc/libvirt are its own. What happens in it stays in it: its processes, mounts and network are in namespaces that end with it.
/// </summary>
internal sealed class PrivateMachine : IAsyncDisposable
{
    private static readonly string[] Daemons = ["dockerd", "containerd", "tini", "httpd", "libvirtd", "virtlogd", "dnsmasq"];

    private static int _count;

    // Holds the machine until its input ends, however its user ends; then only cgroups and the folder are left to remove.
    private const string Supervisor = """
        set -u
        trap '' INT HUP TERM
        name=$1 dir=$2 emulators=$3
        exec 3<&0
        unshare --mount --pid --net --fork --kill-child=KILL -- bash -eu "$dir/inside.sh" "$name" "$dir" "$emulators" <&3
        for i in $(seq 100); do
          find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null
          [ -z "$(find /sys/fs/cgroup -maxdepth 2 -type d -name "$name" 2>/dev/null)" ] && break
          sleep 0.05
        done
        rm -rf --one-file-system "$dir"
        """;

    // Process 1. It does nothing but hold the namespaces and reap: a shell's own "read" blocks without another process.
    private const string Inside = """
        name=$1 dir=$2
        mount --make-rprivate /
        mount -t proc proc /proc
        mkdir -p "$dir/cg" "$dir/docker" "$dir/layer" "$dir/probe/low" "$dir/probe/up" "$dir/probe/work" "$dir/probe/all" /etc/docker
        mount --rbind /sys/fs/cgroup "$dir/cg"
        mount -t sysfs sysfs /sys
        mount --rbind "$dir/cg" /sys/fs/cgroup
        umount -l "$dir/cg"
        mount -t tmpfs tmpfs "$dir/layer"
        mkdir "$dir/layer/var" "$dir/layer/work" "$dir/layer/etc"
        # libvirt as its package sets it up, but without cgroups: its own lie beside those of others, whatever the namespace.
        mkdir -p /etc/libvirt
        cp -a /etc/libvirt "$dir/layer/libvirt"
        echo 'cgroup_controllers = [ ]' >>"$dir/layer/libvirt/qemu.conf"
        mount --bind "$dir/layer/libvirt" /etc/libvirt
        mount -t overlay overlay -o "lowerdir=/var,upperdir=$dir/layer/var,workdir=$dir/layer/work" /var
        mkdir -p /var/lib/docker
        rm -rf /var/lib/provision /var/lib/libvirt/qemu /var/lib/libvirt/dnsmasq /var/lib/libvirt/network
        mkdir -p /var/lib/libvirt/qemu /var/lib/libvirt/dnsmasq /var/cache/libvirt/qemu
        [ ! -d "$3" ] || cp -a "$3" /var/cache/libvirt/qemu/
        mount --bind "$dir/docker" /var/lib/docker
        mount -t tmpfs -o mode=0755 tmpfs /run
        mkdir -m 1777 /run/lock
        mount --bind "$dir/layer/etc" /etc/docker
        driver=vfs
        if mount -t overlay overlay -o "lowerdir=$dir/probe/low,upperdir=$dir/probe/up,workdir=$dir/probe/work" "$dir/probe/all"; then
          umount "$dir/probe/all"; driver=overlay2
        fi
        echo "{\"cgroup-parent\": \"/$name\", \"storage-driver\": \"$driver\"}" >/etc/docker/daemon.json
        ip link set lo up
        echo started
        read -r _ || true
        """;

    private readonly Process _supervisor;
    private readonly string _folder;
    private int _inside;

    private PrivateMachine(Process supervisor, string folder) => (_supervisor, _folder) = (supervisor, folder);

    /// <summary>Skips the test where there can be none.</summary>
    public static async Task<PrivateMachine> StartAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var impossible = await LabPackages.EnsureAsync(token);
        Assert.SkipWhen(impossible is not null, impossible ?? "");
        var name = string.Create(CultureInfo.InvariantCulture, $"provm{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        var folder = Directory.CreateTempSubdirectory($"{name}.").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "inside.sh"), Inside, token);
        var start = new ProcessStartInfo("setsid", ["bash", "-c", Supervisor, "machine", name, folder, EmulatorCache.Kept]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        var machine = new PrivateMachine(Process.Start(start) ?? throw new InvalidOperationException("setsid did not start."), folder);
        if (await machine._supervisor.StandardOutput.ReadLineAsync(token) != "started")
        {
            throw new InvalidOperationException($"The machine did not start: {await machine._supervisor.StandardError.ReadToEndAsync(token)}");
        }

        machine._inside = await ChildAsync(await ChildAsync(machine._supervisor.Id));
        return machine;
    }

    /// <summary>What a program has to be run by to run in it.</summary>
    public string[] Enter => ["nsenter", "--target", $"{_inside}", "--mount", "--net", "--pid", "--"];

    public async Task<Ended> RunAsync(TestWorkspace workspace, params string[] arguments)
    {
        await using var process = ProvisionProcess.Start(workspace, [.. Enter, "env", "-C", workspace.Folder], arguments);
        return await process.EndAsync();
    }

    public async Task<string> ShellAsync(string script)
    {
        string[] command = [.. Enter, "bash", "-c", script];
        return (await LabProcess.RunAsync(command[0], command[1..], TestContext.Current.CancellationToken)).Succeeded();
    }

    /// <summary>The programs that run in it. One that ends while it is looked at is none.</summary>
    public async Task<string[]> ProgramsAsync() => (await ShellAsync("cat /proc/[0-9]*/comm 2>/dev/null || true")).Split('\n');

    /// <summary>Ends everything in it at once and empties /run and the network, as a power cut and a boot without an init system do.</summary>
    public async Task RebootAsync()
    {
        // Signals of a process in the namespace to all: neither itself nor process 1 gets it.
        await ShellAsync("kill -KILL -1; find /run -mindepth 1 -xdev -delete 2>/dev/null; mkdir -m 1777 /run/lock");
        await LabNamespaces.UntilAsync(
            async () => !(await ProgramsAsync()).Any(name => name.StartsWith("qemu-system", StringComparison.Ordinal) || Daemons.Contains(name)),
            TimeSpan.FromSeconds(20), () => "its processes do not end");
        await ShellAsync("""
            for link in /sys/class/net/*; do [ ${link##*/} = lo ] || ip link delete ${link##*/}; done 2>/dev/null
            for table in filter nat mangle; do iptables -t $table -F; iptables -t $table -X; done 2>/dev/null
            true
            """);
    }

    public async ValueTask DisposeAsync()
    {
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync(CancellationToken.None);
        _supervisor.Dispose();
        if (Directory.Exists(_folder))
        {
            throw new InvalidOperationException($"The machine left {_folder}.");
        }
    }

    private static async Task<int> ChildAsync(int parent)
    {
        var children = await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{parent}/task/{parent}/children"));
        return int.Parse(children.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }
}
