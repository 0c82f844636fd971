using Docker.DotNet.Models;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>A network's inputs as the daemon's create body, and the daemon's answer as outputs. Pure.</summary>
internal static class NetworkShape
{
    public static NetworksCreateParameters Body(PropertyMap properties, string fallbackName)
    {
        var inputs = new InputReader(properties);
        var configs = inputs.Objects("ipamConfigs");
        return new NetworksCreateParameters
        {
            Name = inputs.Text("name") ?? fallbackName,
            Driver = inputs.Text("driver") ?? "bridge",
            Attachable = inputs.Flag("attachable") ?? false,
            Ingress = inputs.Flag("ingress") ?? false,
            Internal = inputs.Flag("internal") ?? false,
            EnableIPv6 = inputs.Flag("ipv6"),
            Labels = inputs.Labels(),
            Options = inputs.TextMap("options"),
            IPAM = configs.IsEmpty && !inputs.Has("ipamDriver") && !inputs.Has("ipamOptions")
                ? null
                : new IPAM
                {
                    Driver = inputs.Text("ipamDriver") ?? "default",
                    Options = inputs.TextMap("ipamOptions"),
                    Config = [.. configs.Select(Config)],
                },
        };
    }

    public static PropertyMap Outputs(NetworkResponse network, PropertyMap inputs) =>
        OutputShape.Compose(NetworkTable.Table, inputs, Seen(network))
            .Merge(PropertyMap.Of(("id", network.ID), ("scope", network.Scope ?? ""), (DockerMeta.Key, DockerMeta.Of(schemaVersion: 1, timeouts: false))));

    public static PropertyMap Seen(NetworkResponse network) =>
        PropertyMap.Of(
            ("name", network.Name),
            ("driver", network.Driver),
            ("attachable", network.Attachable),
            ("ingress", network.Ingress),
            ("internal", network.Internal),
            ("ipv6", network.EnableIPv6),
            ("ipamDriver", network.IPAM?.Driver ?? "default"),
            ("ipamOptions", Shape.Map(network.IPAM?.Options)),
            ("ipamConfigs", PropertyValue.ListOf((network.IPAM?.Config ?? []).OrderBy(config => config.Subnet, StringComparer.Ordinal).Select(SeenConfig))),
            ("labels", Shape.Labels(network.Labels)),
            ("options", Shape.Map(network.Options)));

    private static IPAMConfig Config(InputReader config) => new()
    {
        Subnet = config.Text("subnet") ?? "",
        IPRange = config.Text("ipRange") ?? "",
        Gateway = config.Text("gateway") ?? "",
        AuxAddress = config.TextMap("auxAddress") is { Count: > 0 } addresses ? addresses : null,
    };

    private static PropertyValue SeenConfig(IPAMConfig config) => PropertyMap.Of(
        ("subnet", config.Subnet ?? ""),
        ("ipRange", config.IPRange ?? ""),
        // Some daemons report the gateway with the length of its subnet.
        ("gateway", (config.Gateway ?? "").Split('/')[0]),
        ("auxAddress", Shape.Map(config.AuxAddress)));
}
