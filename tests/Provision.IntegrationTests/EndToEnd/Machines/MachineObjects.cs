using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>What of a stack there really is in a lab, whatever its state says: by names, for all that we make bears the stack's.</summary>
internal sealed class MachineObjects(LibvirtLab lab, string stack)
{
    private static readonly (string Kind, string[] List)[] Lists = [("domain", ["list", "--all"]), ("network", ["net-list", "--all"]), ("pool", ["pool-list", "--all"])];

    private static readonly string[] Folders = ["etc/libvirt", "run/libvirt", "var/lib/libvirt", "var/lib/provision"];

    /// <summary>Domains, networks and pools, such as <c>domain up-box-1</c>, sorted.</summary>
    public async Task<string[]> AllAsync()
    {
        var all = new List<string>();
        foreach (var (kind, list) in Lists)
        {
            all.AddRange((await lab.NamesAsync(list)).Where(name => name.StartsWith($"{stack}-", StringComparison.Ordinal)).Select(name => $"{kind} {name}"));
        }

        return [.. all];
    }

    /// <summary>Volumes of the stack's pools, by name, sorted.</summary>
    public async Task<string[]> VolumesAsync()
    {
        var volumes = new List<string>();
        foreach (var pool in (await AllAsync()).Where(name => name.StartsWith("pool ", StringComparison.Ordinal)))
        {
            await lab.VirshAsync("pool-refresh", pool["pool ".Length..]);
            volumes.AddRange((await lab.VirshAsync("vol-list", pool["pool ".Length..])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')[0]));
        }

        return [.. volumes.Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Everything that is left: objects, files of libvirt's and of ours (definitions, leases, firmware variables, saved images, snapshots, pools), processes.
    /// libvirt keeps the logs of a machine and of its TPM, for whoever asks why it ended; and whoever stops a network, it forgets the file
    /// that held its process id and the empty folder of its ports, both in /run.
    /// </summary>
    public async Task<string[]> TracesAsync() =>
    [
        .. await AllAsync(),
        .. Folders
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(Path.Combine(lab.Folder, folder), "*", SearchOption.AllDirectories))
            .Where(path => path[lab.Folder.Length..].Contains($"{stack}-", StringComparison.Ordinal) && !IsForgotten(path)),
        .. (await lab.RunInsideAsync("ps", "-eo", "args")).Succeeded().Split('\n').Where(line => line.Contains($"{stack}-", StringComparison.Ordinal)),
    ];

    private static bool IsForgotten(string path) =>
        path.Contains("/run/libvirt/network/", StringComparison.Ordinal) && (path.EndsWith(".pid", StringComparison.Ordinal) || Directory.Exists(path));

    /// <summary>Fails with what is left.</summary>
    public async Task NothingIsLeftAsync()
    {
        var traces = await TracesAsync();
        Assert.True(traces.Length == 0, string.Join('\n', traces));
    }
}
