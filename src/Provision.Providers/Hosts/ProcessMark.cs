using System.Globalization;

namespace Provision.Providers.Hosts;

/// <summary>
/// Which process a pid file means: the number alone may by now be another's, so its start time and the boot it belongs to go with it.
/// One line: <c>8247 163824 0f9c…-…  urn:pulumi:…</c> (pid, start in ticks since boot, boot id, owner).
/// </summary>
internal sealed record ProcessMark(int Pid, ulong Start, string Boot, string Owner)
{
    public static ProcessMark? Parse(string text)
    {
        var parts = text.Trim().Split(' ', 4);
        return parts.Length == 4
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new ProcessMark(pid, start, parts[2], parts[3])
            : null;
    }

    /// <summary>Whether this is the process that <c>/proc/&lt;pid&gt;/stat</c> and the current boot id describe, and it lives.</summary>
    public bool IsAlive(string? stat, string boot)
    {
        // "8247 (tini) S 1 8247 8247 0 -1 …": the name may hold spaces and brackets, so fields count from the last bracket.
        // proc_pid_stat(5): state is field 3, start time field 22.
        if (stat is null || boot.Trim() != Boot || stat.LastIndexOf(')') is var bracket && bracket < 0)
        {
            return false;
        }

        var fields = stat[(bracket + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && fields[0] is not ("Z" or "X") && fields[19] == Start.ToString(CultureInfo.InvariantCulture);
    }
}
