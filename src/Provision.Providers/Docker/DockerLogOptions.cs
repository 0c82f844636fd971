using System.Globalization;
using Docker.DotNet.Models;

namespace Provision.Providers.Docker;

/// <summary>Which part of a container's logs.</summary>
/// <param name="Follow">Go on as more is written.</param>
/// <param name="Tail">Only so many last lines; null for all.</param>
/// <param name="Since">Only what was written from then on.</param>
/// <param name="Timestamps">Each line with its time in front.</param>
public sealed record DockerLogOptions(bool Follow = false, int? Tail = null, DateTimeOffset? Since = null, bool Timestamps = false)
{
    internal ContainerLogsParameters Parameters()
    {
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Follow = Follow,
            Timestamps = Timestamps,
            Tail = Tail?.ToString(CultureInfo.InvariantCulture) ?? "all",
        };
        if (Since is { } since)
        {
            parameters.Since = (since.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
        }

        return parameters;
    }
}
