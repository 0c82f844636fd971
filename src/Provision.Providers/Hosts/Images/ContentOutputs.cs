using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts.Images;

/// <summary>What resources with shared folders have in common in their outputs and deletes.</summary>
internal static class ContentOutputs
{
    public static PropertyMap Of(ContentFolder folder) => PropertyMap.Of(("generation", folder.Generation));

    public static int Generation(PropertyMap outputs) =>
        outputs.Find("generation") is PropertyValue.Number { Value: var generation } ? (int)generation : int.MaxValue;

    /// <summary>Nothing outside the parent folder is ever removed, whatever a state says.</summary>
    public static void DemandInside(string id, string parent)
    {
        if (!HostPath.Shape().IsMatch(id) || ContentStore.ParentOf(id) != parent)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"{id} is not a folder in {parent}, so it is not removed.", "Remove it by hand, and the resource from the state.",
                Remainder.Untouched.Value);
        }
    }

    public static void Tell(Departure departure, string path, IStepProgress progress)
    {
        switch (departure)
        {
            case Departure.Newer:
                progress.Report($"{path} stays: its replacement is the same folder");
                break;
            case Departure.Shared:
                progress.Report($"{path} stays: others use it");
                break;
            case Departure.Kept:
                progress.Report($"{path} stays (keep)");
                break;
            default:
                break;
        }
    }
}
