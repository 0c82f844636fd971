using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts.Images;

/// <summary>A disk image as asked for.</summary>
/// <param name="Source">Where it comes from; null while that is unknown.</param>
/// <param name="Size">The size of its file system in MiB, where it is built; null for one that fits.</param>
/// <param name="Keep">Whether it stays on the host when nobody uses it any more.</param>
/// <param name="Parent">The folder that holds images.</param>
/// <param name="Stamp">Whose it is: project, stack and urn.</param>
internal sealed record DiskImageInputs(
    DiskImageSource? Source, int? Size, bool Keep, string Parent, ImmutableSortedDictionary<string, string> Stamp)
{
    public const string DefaultParent = "/var/lib/provision/images";

    private static readonly string[] Sources = ["rootFileSystem"];

    // The folder is named after what is in it, so only what happens at the end can be changed in place.
    public static readonly ImmutableSortedDictionary<string, ApplyClass> Changes = Sources.Concat(["size", "folder", "stamp"])
        .ToImmutableSortedDictionary(name => name, _ => ApplyClass.Replace, StringComparer.Ordinal).Add("keep", ApplyClass.Live);

    public static DiskImageInputs Read(PropertyMap inputs) => Read(inputs, new InputReader(inputs));

    public static CheckResponse Check(PropertyMap inputs)
    {
        var reader = new InputReader(inputs);
        var read = Read(inputs, reader);
        reader.RefuseOthers([.. Changes.Keys]);
        var given = Sources.Where(name => IsGiven(inputs, name)).ToList();
        if (given.Count != 1)
        {
            reader.Fail(
                PropertyPath.Root, given.Count == 0 ? "an image comes from somewhere, and nothing says where" : $"an image comes from one place, and {string.Join(" and ", given)} are given",
                $"Give one of {string.Join(", ", Sources)}.");
        }

        return new CheckResponse(inputs.ContainsKey("keep") ? inputs : inputs.With("keep", read.Keep), reader.Failures);
    }

    public ContentUser User(Urn urn) => ContentUser.Of(urn, Stamp, Source?.ToString(), Size?.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static bool IsGiven(PropertyMap inputs, string name) => inputs.Find(name) is not (null or PropertyValue.Null);

    private static DiskImageInputs Read(PropertyMap inputs, InputReader reader)
    {
        DiskImageSource? source =
            reader.Text("rootFileSystem", HostPath.Shape(), HostPath.Meant) is { } root ? new DiskImageSource.Tiny(root)
            : null;
        var size = reader.Whole("size", 16, 16 * 1024 * 1024, 0);
        return new DiskImageInputs(
            source, size == 0 ? null : size, reader.Flag("keep", IsGiven(inputs, "url")), reader.Text("folder", HostPath.Shape(), HostPath.Meant) ?? DefaultParent,
            reader.TextMap("stamp"));
    }
}
