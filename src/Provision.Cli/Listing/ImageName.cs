using Provision.Cli.Workloads;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Model.Policies;

namespace Provision.Cli.Listing;

/// <summary>What people call the image that a machine or container was made from. Pure.</summary>
internal static class ImageName
{
    private static readonly ResourceType Built = new(ResourceTypes.BuiltImage);
    private static readonly ResourceType Pulled = new(ResourceTypes.RegistryImage);

    /// <summary>The image's name; empty where nothing tells.</summary>
    public static string Of(Snapshot snapshot, Workload workload) => (workload.Kind == WorkloadKind.Machine
        ? WorkloadWords.Text(workload, "__image")
        : OfStack(snapshot, workload) ?? WorkloadWords.Text(workload, "image")) ?? "";

    /// <summary>A container of an image of the same stack has the image's id for its input, which says nothing to people.</summary>
    private static string? OfStack(Snapshot snapshot, Workload container)
    {
        var images = container.State.PropertyDependencies.FirstOrDefault(dependency => dependency.Property == "image")?.Urns ?? [];
        return snapshot.Resources.Where(state => !state.Delete && images.Contains(state.Urn)).Select(NameIn).FirstOrDefault(name => name is not null);
    }

    private static string? NameIn(ResourceState image) =>
        image.Type == Built ? (image.Inputs.Find("imageName") as PropertyValue.String)?.Value
        : image.Type == Pulled ? (image.Inputs.Find("name") as PropertyValue.String)?.Value
        : null;
}
