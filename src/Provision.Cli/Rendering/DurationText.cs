using System.Globalization;

namespace Provision.Cli.Rendering;

/// <summary>Durations as people read them.</summary>
internal static class DurationText
{
    /// <summary>Whole seconds, rounded up: <c>3s</c>, <c>1m2s</c>, <c>1h0m5s</c>.</summary>
    public static string Whole(TimeSpan duration)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, duration.TotalSeconds));
        var (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        var text = $"{seconds % 60}s";
        return hours > 0 ? $"{hours}h{minutes}m{text}" : minutes > 0 ? $"{minutes}m{text}" : text;
    }

    /// <summary>Of one step: two digits below a minute, <c>0.24s</c>.</summary>
    public static string OfStep(TimeSpan duration) =>
        duration < TimeSpan.FromMinutes(1)
            ? duration.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + "s"
            : Whole(duration);

    /// <summary>How long ago, in the largest unit that says something.</summary>
    public static string Ago(TimeSpan age) => $"{Age(age)} ago";

    /// <summary>How long, in the largest unit that says something.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)age.TotalSeconds)} s",
        { TotalMinutes: < 60 } => $"{(int)age.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)age.TotalHours} h",
        _ => $"{(int)age.TotalDays} days",
    };
}
