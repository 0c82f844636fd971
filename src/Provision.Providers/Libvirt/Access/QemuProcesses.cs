using System.Diagnostics;
using System.Text;

namespace Provision.Providers.Libvirt.Access;

/// <summary>
/// Since when machines run on this very machine. libvirt does not say; their QEMU processes do, which carry the machine's UUID on
/// their command line.
/// </summary>
internal static class QemuProcesses
{
    /// <summary>The start of each QEMU process that can be seen, by the UUID of its machine.</summary>
    public static Dictionary<Guid, DateTimeOffset> StartTimes()
    {
        var found = new Dictionary<Guid, DateTimeOffset>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (process.ProcessName.StartsWith("qemu", StringComparison.Ordinal) && UuidOf(process.Id) is { } uuid && StartOf(process) is { } start)
                {
                    found.TryAdd(uuid, start);
                }
            }
        }

        return found;
    }

    /// <summary>The word after <c>-uuid</c> of a command line whose words are parted by zero bytes.</summary>
    public static Guid? UuidIn(ReadOnlySpan<byte> commandLine)
    {
        var words = Encoding.UTF8.GetString(commandLine).Split('\0');
        var at = Array.IndexOf(words, "-uuid");
        return at >= 0 && at + 1 < words.Length && Guid.TryParse(words[at + 1], out var uuid) ? uuid : null;
    }

    private static Guid? UuidOf(int process)
    {
        try
        {
            return UuidIn(File.ReadAllBytes($"/proc/{process}/cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is hidden from us.
            return null;
        }
    }

    private static DateTimeOffset? StartOf(Process process)
    {
        try
        {
            return process.StartTime;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
