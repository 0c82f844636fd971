using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Networks between containers.</summary>
internal static class NetworkLowering
{
    public static ResourceGoal Lower(ContainerNetwork network, Host host, StackNames names)
    {
        var urn = names.UrnOf(network);
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.UrnOf(host),
            Provider = names.DockerProviderOf(host),
            Inputs = PropertyMap.Of(
                ("name", names.Physical(network.Name)),
                ("driver", network.Driver),
                ("internal", OptionalInput.Flag(network.Internal)),
                ("ipamConfigs", network.Subnet is null ? null : PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(
                    ("subnet", network.Subnet), ("gateway", OptionalInput.Text(network.Gateway)))])),
                ("options", OptionalInput.Map(network.Options)),
                ("labels", names.Labels(urn, network.Owner, network.Labels))),
            Options = OptionsLowering.Lower(network, names, []),
            SourcePosition = names.SourceOf(network),
        };
    }
}
