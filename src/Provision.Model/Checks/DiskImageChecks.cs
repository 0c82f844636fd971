using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>The images that the machines of one host boot from: valid, and no two different ones of one name.</summary>
internal static partial class DiskImageChecks
{
    public static void Run(Host host, Place place, ProblemList problems)
    {
        var checkedImages = new HashSet<DiskImage>();
        var names = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var (hypervisor, machine) in host.Machines)
        {
            if (machine.Image is not { } image || !checkedImages.Add(image))
            {
                continue;
            }

            var at = place.Of("Hypervisors", hypervisor).Of("Machines", machine).Member("Image");
            problems.AddIf(!NameChecks.IsAllowed(image.Name) || image.Name.Length > 200, () => StackProblems.DiskImage(
                at, $"'{image.Name}' is no name of an image", "Give it a Name of letters, digits, '_', '.' and '-'."));
            problems.AddIf(!names.TryAdd(image.Name, at), () => StackProblems.NameTwice(at, image.Name, $"a different image at {names[image.Name]}"));
            switch (image)
            {
                case CatalogDiskImage catalog:
                    problems.AddIf(DiskImageCatalog.Find(catalog.Entry) is null, () => StackProblems.UnknownImage(at, catalog.Entry, DiskImageCatalog.Names));
                    break;
                case UrlDiskImage url:
                    Url(url, at, problems);
                    User(url.User, at, problems);
                    break;
                case FileDiskImage file:
                    ContainerChecks.AbsolutePath(file.Path, at.Member("Path"), problems);
                    User(file.User, at, problems);
                    break;
                case DebianDiskImage debian:
                    Debian(debian, at, problems);
                    break;
            }
        }
    }

    /// <summary>Whether the image is for the host's processors, where both say what they are.</summary>
    public static void Architectures(DiskImage image, Host host, Place place, ProblemList problems)
    {
        var said = image switch
        {
            CatalogDiskImage catalog => catalog.Architecture,
            UrlDiskImage url => url.Architecture,
            FileDiskImage file => file.Architecture,
            _ => null,
        };
        if (said is { } one && host.Architecture is { } other && one != other)
        {
            problems.Add(StackProblems.ImageArchitecture(place, image.Name, one, other));
        }
        else if (image is CatalogDiskImage { Entry: var name } && DiskImageCatalog.Find(name) is { } entry)
        {
            var wanted = said ?? host.Architecture ?? Architecture.X64;
            problems.AddIf(!entry.Files.ContainsKey(wanted), () => StackProblems.DiskImage(
                place, $"The catalogue has no '{entry.Name}' for {wanted}", "Take another one, or give the image by URL and digest."));
        }
    }

    private static void Url(UrlDiskImage image, Place place, ProblemList problems)
    {
        var at = place.Member("Address");
        if (!Uri.TryCreate(image.Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            problems.Add(StackProblems.DiskImage(at, $"'{image.Address}' is no URL of a web server", "Write one such as https://images.example.edu/lab.qcow2; an image of the host's is DiskImage.File."));
        }
        else
        {
            problems.AddIf(uri.UserInfo.Length > 0, () => StackProblems.DiskImage(
                at, "A URL with a user in it would show its password in every state and plan", "Let the server give the image to everybody, since its digest is checked anyway."));
        }

        problems.AddIf(!DigestPattern().IsMatch(image.Digest), () => StackProblems.DiskImage(
            place.Member("Digest"), $"'{image.Digest}' is no digest", "Write sha256: and 64 hexadecimal digits, or sha512: and 128, as the server's list of sums has them."));
    }

    private static void Debian(DebianDiskImage image, Place place, ProblemList problems)
    {
        problems.AddIf(!SuitePattern().IsMatch(image.Suite), () => StackProblems.DiskImage(
            place.Member("Suite"), $"'{image.Suite}' is no release", "Write its code name, such as bookworm."));
        problems.AddIf(
            image.Mirror is { } mirror && !(Uri.TryCreate(mirror, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"),
            () => StackProblems.DiskImage(place.Member("Mirror"), $"'{image.Mirror}' is no URL of a mirror", "Write one such as http://deb.debian.org/debian."));
        foreach (var package in image.Packages)
        {
            problems.AddIf(!HostChecks.IsPackage(package), () => StackProblems.Text(
                place.Member("Packages"), $"'{package}' is no name of a package", "Write it as the package manager does."));
        }
    }

    private static void User(string user, Place place, ProblemList problems) => problems.AddIf(
        !FirstBootChecks.IsUser(user), () => StackProblems.UserName(place.Member("User"), user, "is no user of a Linux system"));

    [GeneratedRegex(@"\A(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z")]
    private static partial Regex DigestPattern();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\z")]
    private static partial Regex SuitePattern();
}
