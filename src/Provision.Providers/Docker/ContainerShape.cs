using System.Globalization;
using Docker.DotNet.Models;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>
/// What a daemon reports of a container, as outputs in Pulumi's shape. Pure.
/// </summary>
/// <remarks>
/// Most of a container cannot change under its id, so most inputs are recorded as the program spelled them. Compared with the daemon is only
/// what a person can change by hand: name, limits, restart policy, networks, state.
/// </remarks>
internal static class ContainerShape
{
    public static PropertyMap Outputs(InspectedContainer container, PropertyMap inputs, string? logs = null)
    {
        var seen = Changeable(container, inputs);
        var inherited = Inherited(container).Where(entry => Values.Plain(inputs.Find(entry.Key)) is null && !seen.ContainsKey(entry.Key));
        var outputs = OutputShape.Compose(ContainerTable.Table, inputs, PropertyMap.From(seen.Concat(inherited)));
        var state = ContainerState.Of(container);
        return outputs
            .Merge(PidsLimit.Output(container.HostConfig.PidsLimit, inputs))
            .Merge(PropertyMap.Of(
                ("id", container.ID),
                ("ports", Ports(container, inputs)),
                ("mustRun", new InputReader(inputs).Flag("mustRun") ?? true ? !state.IsDown(inputs) : false),
                ("bridge", ""),
                ("containerLogs", logs ?? ""),
                ("exitCode", (double)container.State.ExitCode),
                ("networkDatas", NetworkDatas(container)),
                (DockerMeta.Key, DockerMeta.Of(schemaVersion: 2, timeouts: true, container.Image, state.Name))));
    }

    /// <summary>The outputs of a container that was made, but could not be looked at since.</summary>
    public static PropertyMap Blind(string id, PropertyMap inputs) =>
        OutputShape.Compose(ContainerTable.Table, inputs, PropertyMap.Empty)
            .Merge(PropertyMap.Of(("id", id), ("mustRun", false), (DockerMeta.Key, DockerMeta.Of(schemaVersion: 2, timeouts: true))));

    /// <summary>Inputs that would make the container, for an import, as far as a daemon can tell.</summary>
    public static PropertyMap Inputs(InspectedContainer container) =>
        OutputShape.Inputs(ContainerTable.Table, Changeable(container, PropertyMap.Empty).Merge(PropertyMap.Of(
            ("image", container.Config.Image ?? container.Image),
            ("networkMode", container.HostConfig.NetworkMode),
            ("privileged", container.HostConfig.Privileged),
            ("readOnly", container.HostConfig.ReadonlyRootfs),
            ("tty", container.Config.Tty),
            ("stdinOpen", container.Config.OpenStdin),
            ("cpus", container.HostConfig.NanoCPUs > 0 ? (PropertyValue)Canonical.FormatNanoCpus(container.HostConfig.NanoCPUs) : null))));

    private static PropertyMap Changeable(InspectedContainer container, PropertyMap inputs)
    {
        var host = container.HostConfig;
        var program = new InputReader(inputs);
        return PropertyMap.Of(
            ("name", container.Name),
            ("restart", Restart(host.RestartPolicy?.Name)),
            ("maxRetryCount", (double)(host.RestartPolicy?.MaximumRetryCount ?? 0)),
            ("memory", Mib(host.Memory)),
            ("memoryReservation", Mib(host.MemoryReservation)),
            ("memorySwap", host.MemorySwap < 0 ? -1 : Mib(host.MemorySwap)),
            ("cpuShares", (double)host.CPUShares),
            ("cpuSet", host.CpusetCpus ?? ""),
            ("cpuPeriod", program.Has("cpus") ? null : (double)host.CPUPeriod),
            ("cpuQuota", program.Has("cpus") ? null : (double)Math.Max(0, host.CPUQuota)),
            ("cpus", program.Has("cpus") ? (PropertyValue)Canonical.FormatNanoCpus(host.NanoCPUs) : null),
            ("networksAdvanced", Connected(container, inputs)));
    }

    /// <summary>What comes from the image or the daemon where the program is silent.</summary>
    private static PropertyMap Inherited(InspectedContainer container) =>
        PropertyMap.Of(
            ("command", Shape.List(container.Config.Cmd)),
            ("entrypoints", Shape.List(container.Config.Entrypoint)),
            ("envs", Shape.List([])),
            ("labels", Shape.List([])),
            ("hostname", container.Config.Hostname ?? ""),
            ("init", container.HostConfig.Init ?? false),
            ("ipcMode", container.HostConfig.IpcMode ?? ""),
            ("logDriver", container.HostConfig.LogConfig?.Type ?? ""),
            ("platform", container.Platform ?? ""),
            ("runtime", container.HostConfig.Runtime ?? ""),
            ("securityOpts", Shape.List(container.HostConfig.SecurityOpt)),
            ("shmSize", Mib(container.HostConfig.ShmSize)),
            ("stopSignal", container.Config.StopSignal ?? ""),
            ("stopTimeout", container.Config.StopTimeout?.TotalSeconds ?? 0));

    /// <summary>
    /// The program's networks as far as it is connected to them; null where it is to all, so that the program's words stay.
    /// </summary>
    private static PropertyValue? Connected(InspectedContainer container, PropertyMap inputs)
    {
        var wanted = Values.Items(inputs.Find("networksAdvanced"));
        var there = wanted.Where(network => IsConnected(container, new InputReader(Values.Members(network)).Text("name") ?? "")).ToArray();
        return there.Length == wanted.Length ? null : PropertyValue.ListOf(there);
    }

    public static bool IsConnected(InspectedContainer container, string network) =>
        (container.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>()).Any(entry =>
            entry.Key == network || (network.Length >= 12 && entry.Value?.NetworkID?.StartsWith(network, StringComparison.Ordinal) == true));

    /// <summary>
    /// The program's ports, in its order, with the port the daemon chose where the program chose none. What was asked for counts, not what is open:
    /// a stopped container has no ports open.
    /// </summary>
    private static PropertyValue Ports(InspectedContainer container, PropertyMap inputs)
    {
        var program = Values.Items(inputs.Find("ports"));
        return program.IsEmpty
            ? PropertyValue.Null.Value
            : PropertyValue.ListOf(program.Select(item =>
            {
                var port = new InputReader(Values.Members(item));
                return (PropertyValue)PropertyMap.Of(
                    ("internal", (double)(port.Integer("internal") ?? 0)),
                    ("external", port.Integer("external") is { } chosen and > 0 ? (double)chosen : PublishedAt(container, port)),
                    ("ip", port.Text("ip") ?? "0.0.0.0"),
                    ("protocol", port.Text("protocol") ?? "tcp"));
            }));
    }

    private static PropertyValue PublishedAt(InspectedContainer container, InputReader port)
    {
        if (container.NetworkSettings?.Ports is not { } open || !open.TryGetValue(ContainerBody.PortKey(port), out var bindings) || bindings is null)
        {
            return PropertyValue.Null.Value;
        }

        var ip = port.Text("ip") ?? "0.0.0.0";
        var binding = bindings.FirstOrDefault(one => one.HostIP == ip) ?? bindings.FirstOrDefault();
        return double.TryParse(binding?.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : PropertyValue.Null.Value;
    }

    private static PropertyValue NetworkDatas(InspectedContainer container) =>
        PropertyValue.ListOf((container.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>())
            .OrderBy(network => network.Key, StringComparer.Ordinal)
            .Select(network => (PropertyValue)PropertyMap.Of(
                ("networkName", network.Key),
                ("ipAddress", network.Value.IPAddress ?? ""),
                ("ipPrefixLength", (double)network.Value.IPPrefixLen),
                ("gateway", network.Value.Gateway ?? ""),
                ("globalIpv6Address", network.Value.GlobalIPv6Address ?? ""),
                ("globalIpv6PrefixLength", (double)network.Value.GlobalIPv6PrefixLen),
                ("ipv6Gateway", network.Value.IPv6Gateway ?? ""),
                ("macAddress", network.Value.MacAddress ?? ""))));

    private static string Restart(RestartPolicyKind? kind) => kind switch
    {
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.OnFailure => "on-failure",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        _ => "no",
    };

    // Not rounded: a limit set by hand to an odd number of bytes is a difference too. Below zero means none.
    private static double Mib(long bytes) => bytes <= 0 ? 0 : (double)bytes / ContainerBody.MiB;
}
