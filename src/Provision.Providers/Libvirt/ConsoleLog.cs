using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>What a machine wrote on its serial console since it was started: a file beside its root disk, which its pool hands out.</summary>
internal static partial class ConsoleLog
{
    private const int LastLines = 12;

    public static string FileOf(string domain) => $"{domain}.console.log";

    /// <summary>Whose log a file is, or was before virtlogd began a new one (<c>….log.0</c>, by size); null where it is none.</summary>
    public static string? DomainOf(string file) => OfDomain().Match(file) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The text so far; empty where there is none to be had, which never is a reason to fail.</summary>
    public static async Task<string> ReadAsync(LibvirtConnection libvirt, string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            return "";
        }

        try
        {
            return await libvirt.AskAsync("read a console's log", connect => Read(libvirt, connect, path, cancellationToken), cancellationToken);
        }
        catch (ProviderException)
        {
            return "";
        }
    }

    /// <summary>Takes the file away, as far as it can be.</summary>
    public static async Task RemoveAsync(LibvirtConnection libvirt, string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            await libvirt.ChangeAsync(
                "remove a console's log",
                connect =>
                {
                    using var volume = Find(connect, path);
                    volume?.Delete();
                    RemoveOlder(connect, path);
                },
                cancellationToken);
        }
        catch (ProviderException)
        {
            // The pool's removal says what is still in its folder.
        }
    }

    /// <summary>The end of a log, for a message: without a terminal's control sequences, the last lines only.</summary>
    public static string Tail(string log)
    {
        var lines = Controls().Replace(log, "").Split('\n').Select(line => line.TrimEnd('\r', ' ')).Where(line => line.Length > 0).TakeLast(LastLines);
        return string.Join('\n', lines);
    }

    /// <summary>
    /// <c>[    1.234] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)</c>; null where there is none, and while its line is
    /// still being written: a serial line is slow.
    /// </summary>
    public static string? PanicIn(string log) => Panic().Match(log) is { Success: true } match ? match.Value.Trim() : null;

    private static string Read(LibvirtConnection libvirt, ConnectHandle connect, string path, CancellationToken cancellationToken)
    {
        if (libvirt.Endpoint.IsLocal)
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(file, Encoding.UTF8);
                return reader.ReadToEnd();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is root's alone; the daemon reads it for us.
            }
        }

        using var volume = Find(connect, path);
        return volume is null ? "" : Encoding.UTF8.GetString(connect.Download(volume, null, cancellationToken));
    }

    private static void RemoveOlder(ConnectHandle connect, string path)
    {
        for (var number = 0; ; number++)
        {
            using var older = connect.FindVolumeByPath(string.Create(CultureInfo.InvariantCulture, $"{path}.{number}"));
            if (older is null)
            {
                return;
            }

            older.Delete();
        }
    }

    /// <summary>A pool knows only the files that were there when it last looked.</summary>
    private static VolumeHandle? Find(ConnectHandle connect, string path)
    {
        if (connect.FindVolumeByPath(path) is { } known)
        {
            return known;
        }

        var folder = Path.GetDirectoryName(path) ?? "/";
        using var pools = connect.ListPools();
        foreach (var pool in pools.Where(pool => pool.IsActive() && pool.Xml().Contains($"<path>{folder}</path>", StringComparison.Ordinal)))
        {
            pool.Refresh();
            return pool.FindVolume(Path.GetFileName(path));
        }

        return null;
    }

    [GeneratedRegex(@"\A(.+)\.console\.log(?:\.[0-9]+)?\z")]
    private static partial Regex OfDomain();

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])|[\x00-\x08\x0B\x0C\x0E-\x1F]")]
    private static partial Regex Controls();

    [GeneratedRegex(@"Kernel panic - not syncing[^\r\n]*(?=[\r\n])")]
    private static partial Regex Panic();
}
