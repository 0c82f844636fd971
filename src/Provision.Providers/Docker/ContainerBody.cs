using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>A container's checked inputs as the daemon's create body. Pure.</summary>
internal static class ContainerBody
{
    public const long MiB = 1024 * 1024;

    /// <summary>From here on a create takes all networks at once; before, it takes the one of its mode.</summary>
    private static readonly System.Version ManyNetworks = new(1, 44);

    public static bool ConnectsAtCreate(System.Version api) => api >= ManyNetworks;

    public static CreateContainerParameters Of(PropertyMap properties, string fallbackName, System.Version api)
    {
        var inputs = new InputReader(properties);
        var ports = inputs.Objects("ports");
        var body = new CreateContainerParameters
        {
            Name = inputs.Text("name") ?? fallbackName,
            Image = inputs.Text("image") ?? "",
            Tty = inputs.Flag("tty") ?? false,
            OpenStdin = inputs.Flag("stdinOpen") ?? false,
            Labels = inputs.Labels(),
            ExposedPorts = ports.Select(PortKey).Distinct(StringComparer.Ordinal).ToDictionary(key => key, _ => default(EmptyStruct), StringComparer.Ordinal),
            Volumes = inputs.Objects("volumes").Select(volume => volume.Text("containerPath")).OfType<string>().Distinct(StringComparer.Ordinal)
                .ToDictionary(path => path, _ => default(EmptyStruct), StringComparer.Ordinal),
            HostConfig = Host(inputs, ports),
        };
        SetText(inputs, "platform", value => body.Platform = value);
        SetText(inputs, "hostname", value => body.Hostname = value);
        SetText(inputs, "domainname", value => body.Domainname = value);
        SetText(inputs, "user", value => body.User = value);
        SetText(inputs, "workingDir", value => body.WorkingDir = value);
        SetText(inputs, "stopSignal", value => body.StopSignal = value);
        SetTexts(inputs, "envs", value => body.Env = value);
        SetTexts(inputs, "command", value => body.Cmd = value);
        SetTexts(inputs, "entrypoints", value => body.Entrypoint = value);
        if (inputs.Integer("stopTimeout") is { } seconds)
        {
            body.StopTimeout = TimeSpan.FromSeconds(seconds);
        }

        if (inputs.Object("healthcheck") is { } check)
        {
            body.Healthcheck = Health(check);
        }

        if (ConnectsAtCreate(api) && Endpoints(inputs) is { Count: > 0 } endpoints)
        {
            body.NetworkingConfig = new NetworkingConfig { EndpointsConfig = endpoints };
        }

        return body;
    }

    /// <summary>The networks to connect, by name.</summary>
    public static Dictionary<string, EndpointSettings> Endpoints(InputReader inputs) =>
        inputs.Objects("networksAdvanced").Where(network => network.Text("name") is not null)
            .ToDictionary(network => network.Text("name") ?? "", Endpoint, StringComparer.Ordinal);

    public static string PortKey(InputReader port) =>
        string.Create(CultureInfo.InvariantCulture, $"{port.Integer("internal")}/{Canonical.Protocol(port.Text("protocol") ?? "tcp")}");

    private static HostConfig Host(InputReader inputs, ImmutableArray<InputReader> ports)
    {
        var host = new HostConfig
        {
            PortBindings = ports.GroupBy(PortKey, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => (IList<PortBinding>)[.. group.Select(Binding)], StringComparer.Ordinal),
            NetworkMode = inputs.Text("networkMode") ?? "bridge",
            RestartPolicy = Restart(inputs),
            AutoRemove = inputs.Flag("rm") ?? false,
            Privileged = inputs.Flag("privileged") ?? false,
            PublishAllPorts = inputs.Flag("publishAllPorts") ?? false,
            ReadonlyRootfs = inputs.Flag("readOnly") ?? false,
            Memory = (inputs.Integer("memory") ?? 0) * MiB,
            MemoryReservation = (inputs.Integer("memoryReservation") ?? 0) * MiB,
            MemorySwap = Swap(inputs.Integer("memorySwap") ?? 0),
            ShmSize = (inputs.Integer("shmSize") ?? 0) * MiB,
            CPUShares = inputs.Integer("cpuShares") ?? 0,
            NanoCPUs = Canonical.ParseNanoCpus(inputs.Text("cpus") ?? "0") ?? 0,
            BlkioDeviceReadBps = Throttles(inputs, "deviceReadBps"),
            BlkioDeviceWriteBps = Throttles(inputs, "deviceWriteBps"),
            BlkioDeviceReadIOps = Throttles(inputs, "deviceReadIops"),
            BlkioDeviceWriteIOps = Throttles(inputs, "deviceWriteIops"),
        };
        if (host.NanoCPUs == 0)
        {
            host.CPUPeriod = inputs.Integer("cpuPeriod") ?? 0;
            host.CPUQuota = inputs.Integer("cpuQuota") ?? 0;
        }

        if (inputs.Flag("init") is { } init)
        {
            host.Init = init;
        }

        host.PidsLimit = inputs.Integer(PidsLimit.Key);
        SetText(inputs, "cpuSet", value => host.CpusetCpus = value);
        SetText(inputs, "runtime", value => host.Runtime = value);
        SetText(inputs, "usernsMode", value => host.UsernsMode = value);
        SetText(inputs, "pidMode", value => host.PidMode = value);
        SetText(inputs, "ipcMode", value => host.IpcMode = value);
        SetText(inputs, "cgroupnsMode", value => host.CgroupnsMode = value);
        SetText(inputs, "cgroupParent", value => host.CgroupParent = value);
        SetTexts(inputs, "dns", value => host.DNS = value);
        SetTexts(inputs, "dnsOpts", value => host.DNSOptions = value);
        SetTexts(inputs, "dnsSearches", value => host.DNSSearch = value);
        SetTexts(inputs, "groupAdds", value => host.GroupAdd = value);
        SetMap(inputs, "sysctls", value => host.Sysctls = value);
        SetMap(inputs, "storageOpts", value => host.StorageOpt = value);
        SetMap(inputs, "tmpfs", value => host.Tmpfs = value);
        if (inputs.Text("logDriver") is { } driver)
        {
            host.LogConfig = new LogConfig { Type = driver, Config = inputs.TextMap("logOpts") };
        }
        else if (inputs.TextMap("logOpts") is { Count: > 0 } options)
        {
            host.LogConfig = new LogConfig { Type = "", Config = options };
        }

        if (inputs.Object("capabilities") is { } capabilities)
        {
            SetTexts(capabilities, "adds", value => host.CapAdd = value);
            SetTexts(capabilities, "drops", value => host.CapDrop = value);
        }

        SetSecurity(inputs, host);
        SetStorage(inputs, host);
        SetDevices(inputs, host);
        if (inputs.Objects("hosts") is { IsEmpty: false } hosts)
        {
            host.ExtraHosts = [.. hosts.Select(entry => $"{entry.Text("host")}:{entry.Text("ip")}")];
        }

        if (inputs.Objects("ulimits") is { IsEmpty: false } limits)
        {
            host.Ulimits = [.. limits.Select(limit => new Ulimit { Name = limit.Text("name") ?? "", Soft = limit.Integer("soft") ?? 0, Hard = limit.Integer("hard") ?? 0 })];
        }

        return host;
    }

    /// <summary>MiB, but for -1, which means without limit.</summary>
    public static long Swap(long mib) => mib < 0 ? -1 : mib * MiB;

    public static RestartPolicy Restart(InputReader inputs) => new()
    {
        Name = Canonical.RestartPolicy(inputs.Text("restart") ?? "no") switch
        {
            "always" => RestartPolicyKind.Always,
            "on-failure" => RestartPolicyKind.OnFailure,
            "unless-stopped" => RestartPolicyKind.UnlessStopped,
            _ => RestartPolicyKind.No,
        },
        MaximumRetryCount = inputs.Integer("maxRetryCount") ?? 0,
    };

    private static HealthcheckConfig Health(InputReader check)
    {
        var health = new HealthcheckConfig
        {
            Interval = Duration(check, "interval"),
            Timeout = Duration(check, "timeout"),
            StartPeriod = Duration(check, "startPeriod"),
            StartInterval = Duration(check, "startInterval"),
            Retries = check.Integer("retries"),
        };
        SetTexts(check, "tests", value => health.Test = value);
        return health;
    }

    private static TimeSpan? Duration(InputReader inputs, string name) =>
        inputs.Text(name) is { } text && Canonical.ParseDuration(text) is { Ticks: > 0 } duration ? duration : null;

    private static EndpointSettings Endpoint(InputReader network)
    {
        var endpoint = new EndpointSettings { GwPriority = network.Integer("gwPriority") ?? 0 };
        SetTexts(network, "aliases", value => endpoint.Aliases = value);
        SetText(network, "macAddress", value => endpoint.MacAddress = Canonical.Mac(value) ?? value);
        if (network.Texts("driverOpts") is { IsEmpty: false } options)
        {
            endpoint.DriverOpts = options.Select(option => option.Split('=', 2))
                .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().ElementAtOrDefault(1) ?? "", StringComparer.Ordinal);
        }

        if (network.Text("ipv4Address") is not null || network.Text("ipv6Address") is not null || !network.Texts("linkLocalIps").IsEmpty)
        {
            var ipam = new EndpointIPAMConfig();
            SetText(network, "ipv4Address", value => ipam.IPv4Address = value);
            SetText(network, "ipv6Address", value => ipam.IPv6Address = value);
            SetTexts(network, "linkLocalIps", value => ipam.LinkLocalIPs = value);
            endpoint.IPAMConfig = ipam;
        }

        return endpoint;
    }

    private static PortBinding Binding(InputReader port) => new()
    {
        HostIP = port.Text("ip") ?? "0.0.0.0",
        // "0" asks the daemon for a free one.
        HostPort = (port.Integer("external") ?? 0).ToString(CultureInfo.InvariantCulture),
    };

    private static void SetSecurity(InputReader inputs, HostConfig host)
    {
        var options = inputs.Texts("securityOpts");
        if (options.Contains("systempaths=unconfined"))
        {
            // The docker CLI's own word; the daemon knows it only as two empty lists.
            host.MaskedPaths = [];
            host.ReadonlyPaths = [];
        }

        if (options.Where(option => option != "systempaths=unconfined").ToList() is { Count: > 0 } rest)
        {
            host.SecurityOpt = rest;
        }
    }

    private static void SetStorage(InputReader inputs, HostConfig host)
    {
        var volumes = inputs.Objects("volumes");
        var binds = volumes.Select(Bind).OfType<string>().ToList();
        if (binds.Count > 0)
        {
            host.Binds = binds;
        }

        if (volumes.Select(volume => volume.Text("fromContainer")).OfType<string>().ToList() is { Count: > 0 } from)
        {
            host.VolumesFrom = from;
        }

        if (inputs.Objects("mounts") is { IsEmpty: false } mounts)
        {
            host.Mounts = [.. mounts.Select(MountOf)];
        }
    }

    /// <summary><c>source:target:rw[,z]</c>; a path of the host goes before a volume's name. Null for an anonymous volume.</summary>
    private static string? Bind(InputReader volume)
    {
        var source = volume.Text("hostPath") ?? volume.Text("volumeName");
        return source is null || volume.Text("containerPath") is not { } target
            ? null
            : $"{source}:{target}:{(volume.Flag("readOnly") == true ? "ro" : "rw")}{(volume.Text("selinuxRelabel") is { } label ? $",{label}" : "")}";
    }

    private static Mount MountOf(InputReader inputs)
    {
        var mount = new Mount { Type = inputs.Text("type") ?? "", Target = inputs.Text("target") ?? "", ReadOnly = inputs.Flag("readOnly") ?? false };
        SetText(inputs, "source", value => mount.Source = value);
        if (inputs.Object("bindOptions")?.Text("propagation") is { } propagation)
        {
            mount.BindOptions = new BindOptions { Propagation = propagation };
        }

        if (inputs.Object("volumeOptions") is { } volume)
        {
            mount.VolumeOptions = new VolumeOptions { NoCopy = volume.Flag("noCopy") ?? false, Labels = volume.Labels() };
            SetText(volume, "subpath", value => mount.VolumeOptions.Subpath = value);
            if (volume.Text("driverName") is { } driver)
            {
                mount.VolumeOptions.DriverConfig = new Driver { Name = driver, Options = volume.TextMap("driverOptions") };
            }
        }

        if (inputs.Object("tmpfsOptions") is { } tmpfs)
        {
            mount.TmpfsOptions = new TmpfsOptions { SizeBytes = tmpfs.Integer("sizeBytes"), Mode = (uint?)tmpfs.Integer("mode") };
        }

        return mount;
    }

    private static void SetDevices(InputReader inputs, HostConfig host)
    {
        if (inputs.Objects("devices") is { IsEmpty: false } devices)
        {
            host.Devices =
            [
                .. devices.Select(device => new DeviceMapping
                {
                    PathOnHost = device.Text("hostPath") ?? "",
                    PathInContainer = device.Text("containerPath") ?? device.Text("hostPath") ?? "",
                    CgroupPermissions = device.Text("permissions") ?? "rwm",
                }),
            ];
        }

        if (inputs.Text("gpus") is { } gpus)
        {
            host.DeviceRequests = [Gpus(gpus)];
        }
        else if (inputs.Objects("deviceRequests") is { IsEmpty: false } requests)
        {
            host.DeviceRequests =
            [
                .. requests.Select(request => new DeviceRequest
                {
                    Driver = request.Text("driver") ?? "cdi",
                    Count = request.Integer("count") ?? 0,
                    DeviceIDs = [.. request.Texts("deviceIds")],
                    Capabilities = request.Texts("capabilities") is { IsEmpty: false } capabilities ? [[.. capabilities]] : [],
                    Options = request.TextMap("options"),
                }),
            ];
        }
    }

    /// <summary><c>all</c>, a number, or <c>device=0,1</c>, as the docker CLI's <c>--gpus</c>.</summary>
    private static DeviceRequest Gpus(string text)
    {
        var request = new DeviceRequest { Capabilities = [["gpu"]] };
        if (text.StartsWith("device=", StringComparison.Ordinal))
        {
            request.DeviceIDs = text["device=".Length..].Split(',');
        }
        else
        {
            request.Count = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : -1;
        }

        return request;
    }

    private static IList<ThrottleDevice> Throttles(InputReader inputs, string name) =>
        [.. inputs.Objects(name).Select(device => new ThrottleDevice { Path = device.Text("path") ?? "", Rate = (ulong)(device.Integer("rate") ?? 0) })];

    private static void SetText(InputReader inputs, string name, Action<string> set)
    {
        if (inputs.Text(name) is { } value)
        {
            set(value);
        }
    }

    private static void SetTexts(InputReader inputs, string name, Action<IList<string>> set)
    {
        if (inputs.Texts(name) is { IsEmpty: false } values)
        {
            set([.. values]);
        }
    }

    private static void SetMap(InputReader inputs, string name, Action<IDictionary<string, string>> set)
    {
        if (inputs.TextMap(name) is { Count: > 0 } values)
        {
            set(values);
        }
    }
}
