using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts.Images;

/// <summary>A disk image as asked for.</summary>
/// <param name="Source">Where it comes from; null while that is unknown.</param>
/// <param name="Size">The size of its file system in MiB, where it is built; null for one that fits.</param>
/// <param name="Keep">Whether it stays on the host when nobody uses it any more.</param>
/// <param name="Parent">The folder that holds images.</param>
/// <param name="Stamp">Whose it is: project, stack and urn.</param>
internal sealed partial record DiskImageInputs(
    DiskImageSource? Source, int? Size, bool Keep, string Parent, ImmutableSortedDictionary<string, string> Stamp)
{
    public const string DefaultParent = "/var/lib/provision/images";

    private const string MeantUrl = "an http or https URL";
    private const string MeantPackage = "a package's name (letters, digits, and + . - inside)";

    private static readonly string[] Sources = ["url", "path", "rootFileSystem", "debian"];

    // The folder is named after what is in it, so only what happens at the end, or on the way, can be changed in place.
    public static readonly ApplyTable Changes = ApplyTable.Of(
        replace: [.. Sources, "digest", "digestUrl", "modules", "size", "folder", "stamp"], live: ["keep", "stallSeconds"]);

    public static DiskImageInputs Read(PropertyMap inputs) => Read(inputs, new InputReader(inputs));

    public static CheckResponse Check(PropertyMap inputs)
    {
        var reader = new InputReader(inputs);
        var read = Read(inputs, reader);
        reader.RefuseOthers([.. Changes.Names]);
        var given = Sources.Where(name => IsGiven(inputs, name)).ToList();
        if (given.Count != 1)
        {
            reader.Fail(
                PropertyPath.Root,
                given.Count == 0 ? "an image comes from somewhere, and nothing says where" : $"an image comes from one place, and {string.Join(" and ", given)} are given",
                $"Give one of {string.Join(", ", Sources)}.");
        }

        if (IsGiven(inputs, "url") && IsGiven(inputs, "digest") == IsGiven(inputs, "digestUrl"))
        {
            reader.Fail(
                PropertyPath.Of("digest"), "an image from a web server is used only when it is what it should be",
                "Give its digest, or else the URL of its publisher's list of digests (digestUrl).");
        }

        foreach (var (name, source) in ((string, string)[])[("digest", "url"), ("digestUrl", "url"), ("stallSeconds", "url"), ("modules", "debian")])
        {
            if (IsGiven(inputs, name) && !IsGiven(inputs, source))
            {
                reader.Fail(PropertyPath.Of(name), $"'{name}' goes with '{source}' only");
            }
        }

        if (IsGiven(inputs, "size") && !IsGiven(inputs, "rootFileSystem") && !IsGiven(inputs, "debian"))
        {
            reader.Fail(PropertyPath.Of("size"), "only an image that is built here is given a size", "Give the machine's disk a size instead.");
        }

        return new CheckResponse(inputs.ContainsKey("keep") ? inputs : inputs.With("keep", read.Keep), reader.Failures);
    }

    public ContentUser User(Urn urn) => ContentUser.Of(urn, Stamp, Source?.Key, Size?.ToString(CultureInfo.InvariantCulture));

    private static bool IsGiven(PropertyMap inputs, string name) => inputs.Find(name) is not (null or PropertyValue.Null);

    private static DiskImageInputs Read(PropertyMap inputs, InputReader reader)
    {
        var digest = ImageDigest.Parse(reader.Text("digest", ImageDigest.Shape(), ImageDigest.Meant));
        var digestUrl = reader.Text("digestUrl", UrlShape(), MeantUrl);
        var stall = reader.Whole("stallSeconds", 1, 3600, 30);
        var url = reader.Text("url", UrlShape(), MeantUrl);
        var path = reader.Text("path", HostPath.Shape(), HostPath.Meant);
        var root = reader.Text("rootFileSystem", HostPath.Shape(), HostPath.Meant);
        var debian = ReadDebian(inputs, reader);
        var size = reader.Whole("size", 16, 16 * 1024 * 1024, 0);
        return new DiskImageInputs(
            url is not null ? new DiskImageSource.Download(url, digest, digestUrl, stall)
                : path is not null ? new DiskImageSource.LocalFile(path)
                : root is not null ? new DiskImageSource.Tiny(root)
                : debian,
            size == 0 ? null : size, reader.Flag("keep", IsGiven(inputs, "url")), reader.Text("folder", HostPath.Shape(), HostPath.Meant) ?? DefaultParent,
            reader.TextMap("stamp"));
    }

    private static DiskImageSource.Debian? ReadDebian(PropertyMap inputs, InputReader reader)
    {
        var modules = reader.Text("modules", HostPath.Shape(), HostPath.Meant);
        var path = PropertyPath.Of("debian");
        switch (InputReader.Plain(inputs.Find("debian")))
        {
            case null:
                return null;
            case PropertyValue.Map { Properties: var debian }:
                foreach (var key in debian.Keys.Where(key => key is not ("suite" or "packages" or "mirror")))
                {
                    reader.Fail(path.Child(key), $"'{key}' is no part of a Debian", "It has suite, packages and mirror.");
                }

                if (debian.Find("suite") is null or PropertyValue.Null)
                {
                    reader.Fail(path.Child("suite"), "'suite' is missing", "Give a release's code name, such as bookworm.");
                }

                var nested = new InputReader(debian);
                var packages = nested.Texts("packages", PackageShape(), MeantPackage);
                foreach (var failure in nested.Failures)
                {
                    reader.Fail(path.Child("packages"), failure.Reason, failure.Remedy);
                }

                return new DiskImageSource.Debian(
                    reader.Text(debian.Find("suite"), path.Child("suite"), SuiteShape(), "a release's code name, such as bookworm") ?? "",
                    packages, reader.Text(debian.Find("mirror"), path.Child("mirror"), UrlShape(), MeantUrl), modules);
            default:
                reader.Fail(path, "a map with suite, packages and mirror is expected");
                return null;
        }
    }

    [GeneratedRegex(@"\Ahttps?://[^\s\x00-\x20\x7f""'\\<>]+\z")]
    private static partial Regex UrlShape();

    // None can start with a dash, so none can be taken for an option; a comma would make two of one.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9+.-]*\z")]
    private static partial Regex PackageShape();

    [GeneratedRegex(@"\A[a-z][a-z0-9.-]*\z")]
    private static partial Regex SuiteShape();
}
