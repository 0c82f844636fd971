using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Networks between virtual machines.</summary>
internal static class VirtualNetworkLowering
{
    public static ResourceGoal Lower(VirtualNetwork network, Hypervisor hypervisor, StackNames names)
    {
        var urn = names.UrnOf(network);
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.UrnOf(hypervisor),
            Provider = names.LibvirtProviderOf(hypervisor),
            Inputs = PropertyMap.Of(
                [
                    ("name", names.Physical(network.Name)),
                    ("mode", Mode(network.Mode)),
                    ("bridge", OptionalInput.Text(network.Bridge)),
                    ("mtu", OptionalInput.Whole(network.Mtu)),
                    ("autostart", network.Autostart),
                    ("__stamp", names.Stamp(urn, network.Owner)),
                    .. network.Mode == NetworkMode.Bridge ? [] : Addressing(network, names),
                ]),
            Options = OptionsLowering.Lower(network, names, []),
            SourcePosition = names.SourceOf(network),
        };
    }

    private static IEnumerable<Property> Addressing(VirtualNetwork network, StackNames names) =>
    [
        ("addresses", OptionalInput.List(names.Addresses.SubnetOf(network) is { } subnet ? [subnet.ToString()] : [])),
        ("dhcp", PropertyMap.Of(("enabled", network.Dhcp))),
        ("domain", OptionalInput.Text(network.Domain)),
        ("dns", PropertyMap.Of(
            ("enabled", network.Dns),

            // Names of a domain of ours are nobody else's business.
            ("localOnly", OptionalInput.Flag(network.Domain is not null)),
            ("hosts", OptionalInput.List(network.DnsNames.Select(entry => (PropertyValue)PropertyMap.Of(("hostname", entry.Key), ("ip", entry.Value))))))),
        ("routes", OptionalInput.List(network.Routes.Select(route => (PropertyValue)PropertyMap.Of(("cidr", route.Subnet), ("gateway", route.Gateway))))),

        // dnsmasq pings an address for three seconds before it gives it out; here nobody else could have it.
        ("dnsmasqOptions", network.Dhcp ? (PropertyValue)PropertyMap.Of(("options", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("optionName", "no-ping"))]))) : null),
    ];

    private static string Mode(NetworkMode mode) => mode switch
    {
        NetworkMode.Nat => "nat",
        NetworkMode.Routed => "route",
        NetworkMode.Isolated => "none",
        NetworkMode.Bridge => "bridge",
        NetworkMode.Open => "open",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
