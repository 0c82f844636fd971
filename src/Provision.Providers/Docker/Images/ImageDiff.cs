using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary>Compares what an image was made of with what it would be made of now. Pure.</summary>
internal static class ImageDiff
{
    private static readonly PropertyPath Build = PropertyPath.Of("build");

    private static readonly ImmutableArray<PropertyPath> Places = [Build.Child("context"), Build.Child("dockerfile")];

    public static DiffResponse Compare(DiffRequest request)
    {
        var before = Values.Plain(request.OldOutputs.Find(ImageResource.InputsKey)) is PropertyValue.Map remembered
            ? remembered.Properties
            : ImageInputs.Remembered(request.OldInputs);
        var now = ImageInputs.Remembered(request.NewInputs);
        var changes = InputDiff.Compare(ImageTable.Compared, request with { OldInputs = before, OldOutputs = before, NewInputs = now });
        if (SameFiles(before, now))
        {
            // The same files in another place, such as another checkout, make the same image.
            changes = changes.RemoveAll(change => Places.Contains(change.Path));
        }

        changes = [.. changes.Select(change => Hidden(change, request))];
        return changes.IsEmpty ? DiffResponse.Same : new DiffResponse { Changes = changes, Stables = StablesOf(changes), Reason = ReasonOf(changes) };
    }

    /// <summary>What was compared has its secrets laid open: what is shown has them hidden again.</summary>
    private static PropertyDiff Hidden(PropertyDiff change, DiffRequest request) =>
        Values.HasSecret(change.Path.Find(request.OldInputs)) || Values.HasSecret(change.Path.Find(request.NewInputs))
            ? change with { Old = Hidden(change.Old), New = Hidden(change.New) }
            : change;

    private static PropertyValue? Hidden(PropertyValue? value) => value is null or PropertyValue.Secret or PropertyValue.Unknown ? value : new PropertyValue.Secret(value);

    private static bool SameFiles(PropertyMap before, PropertyMap now) =>
        DigestOf(before) is PropertyValue.String was && DigestOf(now) is PropertyValue.String isNow && was == isNow;

    private static PropertyValue? DigestOf(PropertyMap inputs) => Values.Plain(Values.Members(inputs.Find("build")).Find(ImageTable.ContextDigest));

    /// <summary>The digest is never among them: what is built again is another image, until it is known to be the same.</summary>
    private static ImmutableArray<string> StablesOf(ImmutableArray<PropertyDiff> changes)
    {
        var stables = ImmutableArray.CreateBuilder<string>();
        if (!changes.Any(change => change.Path.Top == "imageName"))
        {
            stables.AddRange("baseImageName", "id", "imageName");
        }

        if (!changes.Any(change => change.Path.Top == "registry"))
        {
            stables.Add("registryServer");
        }

        if (!changes.Any(change => change.Path == Build || Places.Contains(change.Path)))
        {
            stables.AddRange("context", "dockerfile");
        }

        return stables.ToImmutable();
    }

    private static string ReasonOf(ImmutableArray<PropertyDiff> changes) =>
        changes.All(change => change.Path == Build.Child(ImageTable.ContextDigest)) ? "files changed, image is built again" : "image is built again";
}
