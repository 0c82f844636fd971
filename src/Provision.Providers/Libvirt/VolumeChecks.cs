using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>What the table cannot say of a volume's inputs. Pure.</summary>
internal static class VolumeChecks
{
    private static readonly string[] Origins = ["size", "source", "baseVolumeId", "baseVolumeName"];
    private static readonly string[] BesidesSource = ["size", "baseVolumeId", "baseVolumeName"];

    public static List<CheckFailure> Check(PropertyMap inputs, LibvirtDriver driver)
    {
        var failures = InputChecks.Check(StorageTables.Volume, inputs);
        var reader = new InputReader(inputs);
        if (driver.Lacks(LibvirtFeature.Volumes, PropertyPath.Root, "volumes that can be made", "Use a disk that is there: name its file in the machine.") is { } lack)
        {
            failures.Add(lack);
        }

        if (reader.Has("source"))
        {
            CheckSource(reader, driver, failures);
        }

        if (reader.Has("baseVolumeId") && reader.Has("baseVolumeName"))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("baseVolumeName"), "baseVolumeId and baseVolumeName exclude each other", "Keep baseVolumeId."));
        }

        if (reader.Has("baseVolumePool") && !reader.Has("baseVolumeName"))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("baseVolumePool"), "says where baseVolumeName is, which is not given", "Give baseVolumeName, or leave it out."));
        }

        if (!Origins.Any(reader.Has))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("size"), "is required where the volume is neither a clone nor uploaded", "Give its size in bytes."));
        }

        if (IsClone(reader) && reader.Text("format") is { } format && format is not ("qcow2" or "qed"))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("format"), $"a volume of format {format} cannot stand on a base", "Use qcow2, or leave the base out."));
        }

        StyleSheetCheck.Check(inputs, failures);
        return failures;
    }

    public static bool IsClone(InputReader inputs) => inputs.Has("baseVolumeId") || inputs.Has("baseVolumeName");

    private static void CheckSource(InputReader reader, LibvirtDriver driver, List<CheckFailure> failures)
    {
        var at = PropertyPath.Of("source");
        if (driver.Lacks(LibvirtFeature.VolumeUpload, at, "uploads", "Put the image where the host can see it, and name it as the base.") is { } lack)
        {
            failures.Add(lack);
        }

        foreach (var name in BesidesSource.Where(reader.Has))
        {
            failures.Add(new CheckFailure(PropertyPath.Of(name), $"source and {name} exclude each other", "Keep one of the two."));
        }

        if (reader.Text("source") is { } source && !VolumeSource.IsUrl(source) && !source.StartsWith("file://", StringComparison.Ordinal) && !Path.IsPathFullyQualified(source))
        {
            failures.Add(new CheckFailure(at, "is neither an absolute path nor a URL of http, https or file", "Write it as /images/disk.qcow2 or https://…."));
        }
    }
}
