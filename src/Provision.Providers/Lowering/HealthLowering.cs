using System.Globalization;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Health checks as commands that the engine runs in the container.</summary>
internal static class HealthLowering
{
    private static readonly TimeSpan Allowance = TimeSpan.FromMinutes(1);

    public static PropertyMap Lower(HealthCheck health) => PropertyMap.Of(
        ("tests", PropertyValue.ListOf(Tests(health))),
        ("interval", Duration(health.Interval)),
        ("timeout", Duration(health.Timeout)),
        ("startPeriod", Duration(health.StartPeriod)),
        ("retries", health.Retries));

    /// <summary>How long to wait for it at most, in seconds.</summary>
    public static int WaitSeconds(HealthCheck health) => (int)Math.Ceiling(
        (health.WaitLimit ?? (health.StartPeriod + (health.Retries * (health.Interval + health.Timeout)) + Allowance)).TotalSeconds);

    /// <summary>Go's spelling, in the largest unit that is exact.</summary>
    public static string Duration(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerSecond}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerMillisecond}ms");

    private static string[] Tests(HealthCheck health) => health switch
    {
        HealthCheck.OfCommand command => ["CMD", .. command.Arguments],
        HealthCheck.OfHttp http => ["CMD-SHELL", Http(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http.Port}{http.Path}"))],
        HealthCheck.OfTcp tcp => ["CMD-SHELL", Tcp(tcp.Port.ToString(CultureInfo.InvariantCulture))],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Small images have busybox's wget, Debian's have curl if anything. Exit code 2 and above are reserved by the engine.
    private static string Http(string url) =>
        $"if command -v wget >/dev/null; then wget -q -O /dev/null '{url}' || exit 1; else curl -fsS -o /dev/null '{url}' || exit 1; fi";

    // Most netcats know -z; busybox's does not, but can run a program on the connection; where there is none, bash can connect.
    private static string Tcp(string port) =>
        $"nc -z 127.0.0.1 {port} 2>/dev/null || nc -w 3 127.0.0.1 {port} -e true 2>/dev/null || bash -c ': </dev/tcp/127.0.0.1/{port}' 2>/dev/null || exit 1";
}
