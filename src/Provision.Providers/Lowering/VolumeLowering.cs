using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Volumes.</summary>
internal static class VolumeLowering
{
    public static ResourceGoal Lower(ContainerVolume volume, Host host, StackNames names)
    {
        var urn = names.UrnOf(volume);
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.UrnOf(host),
            Provider = names.DockerProviderOf(host),
            Inputs = PropertyMap.Of(
                ("name", names.Physical(volume.Name)),
                ("driver", volume.Driver),
                ("driverOpts", OptionalInput.Map(volume.Options)),
                ("labels", names.Labels(urn, volume.Owner, volume.Labels))),
            Options = OptionsLowering.Lower(volume, names, [], retain: volume.Keep),
            SourcePosition = names.SourceOf(volume),
        };
    }
}
