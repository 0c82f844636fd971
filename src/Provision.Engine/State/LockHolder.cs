using System.Diagnostics;
using System.Globalization;

namespace Provision.Engine.State;

/// <summary>Who takes a lock, and how to find out whether another process of this machine still lives.</summary>
/// <param name="Pid">The process.</param>
/// <param name="UserName">Its user.</param>
/// <param name="HostName">Its machine.</param>
/// <param name="ProcessStart">When a process of this machine started; null where there is none of that id.</param>
public sealed record LockHolder(int Pid, string UserName, string HostName, Func<int, DateTimeOffset?> ProcessStart)
{
    /// <summary>This process.</summary>
    public static LockHolder Current() => new(Environment.ProcessId, Environment.UserName, Environment.MachineName, StartOf);

    private static DateTimeOffset? StartOf(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux() && IsDefunct(pid))
                return null;

            using var process = Process.GetProcessById(pid);
            return new DateTimeOffset(process.StartTime);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            // It lives, and tells us nothing.
            return DateTimeOffset.MinValue;
        }
    }

    // 4711 (name) Z 1 …: ended, and its parent has not asked how.
    private static bool IsDefunct(int pid)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        var state = stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart();
        return state.Length > 0 && state[0] is 'Z' or 'X';
    }
}
