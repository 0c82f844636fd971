using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>Image references, and images that are built: valid, and no two different ones of one name.</summary>
internal static partial class ImageChecks
{
    public static void Run(Host host, Place place, ProblemList problems)
    {
        var checkedImages = new HashSet<ContainerImage>();
        var names = new Dictionary<string, Place>(StringComparer.OrdinalIgnoreCase);
        foreach (var (image, at) in ImagesOf(host, place))
        {
            if (!checkedImages.Add(image))
            {
                continue;
            }

            var name = image switch
            {
                TinyImage tiny => tiny.Name,
                BuiltImage built => built.Name,
                _ => null,
            };
            if (name is not null)
            {
                problems.AddIf(!NamePattern().IsMatch(name), () => StackProblems.ImageDefinition(
                    at, $"'{name}' is no name of an image", "Use letters and digits, with single '_', '.' or '-' between them."));
                problems.AddIf(!names.TryAdd(name, at), () => StackProblems.NameTwice(at, name, $"a different image at {names[name]}"));
            }

            switch (image)
            {
                case RegistryImage registry:
                    Registry(registry, at, problems);
                    break;
                case BuiltImage built:
                    Built(built, at, problems);
                    break;
                case TinyImage tiny:
                    Tiny(tiny, at, problems);
                    break;
            }
        }
    }

    private static IEnumerable<PlacedImage> ImagesOf(Host host, Place place)
    {
        for (var i = 0; i < host.Images.Length; i++)
        {
            yield return new PlacedImage(host.Images[i], place.Index("Images", i));
        }

        foreach (var container in host.Containers)
        {
            yield return new PlacedImage(container.Image, place.Of("Containers", container).Member("Image"));
        }

        foreach (var (hypervisor, machine) in host.Machines)
        {
            if (machine.Image is TinyDiskImage tiny)
            {
                yield return new PlacedImage(tiny.Root, place.Of("Hypervisors", hypervisor).Of("Machines", machine).Member("Image.Root"));
            }
        }
    }

    private static void Registry(RegistryImage image, Place place, ProblemList problems)
    {
        var reference = image.Reference;
        var why = reference switch
        {
            { Length: 0 } => "is empty",
            _ when reference.Any(char.IsWhiteSpace) => "has a blank in it",
            _ when reference.Contains("://", StringComparison.Ordinal) => "has a scheme; a reference starts with the registry or the repository",
            _ when ReferencePattern().IsMatch(reference) => null,
            _ when ReferencePattern().IsMatch(reference.ToLowerInvariant()) && !reference.Contains('@', StringComparison.Ordinal) => "has an upper-case letter in the repository",
            _ => "is no image reference",
        };
        problems.AddIf(why is not null, () => StackProblems.ImageReference(place, reference, why ?? ""));
    }

    private static void Built(BuiltImage image, Place place, ProblemList problems)
    {
        problems.AddIf(
            string.IsNullOrWhiteSpace(image.Folder) || image.Folder.StartsWith('/') || image.Folder.Split('/').Contains(".."),
            () => StackProblems.ImageDefinition(place, $"'{image.Folder}' is no folder inside the workspace", "Write it relative to the workspace, such as app."));
        problems.AddIf(
            string.IsNullOrWhiteSpace(image.Dockerfile) || image.Dockerfile.StartsWith('/') || image.Dockerfile.Split('/').Contains(".."),
            () => StackProblems.ImageDefinition(place, $"'{image.Dockerfile}' is no Dockerfile inside the folder", "Write it relative to the folder, such as Dockerfile."));
    }

    private static void Tiny(TinyImage image, Place place, ProblemList problems)
    {
        var targets = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < image.Files.Length; i++)
        {
            var (file, at) = (image.Files[i], place.Index("Files", i));
            ContainerChecks.File(file.Path, file.Mode, at, problems);
            problems.AddIf(!targets.Add(file.Path), () => StackProblems.TargetTwice(at, file.Path, "another file of the image"));
        }

        for (var i = 0; i < image.Directories.Length; i++)
        {
            ContainerChecks.AbsolutePath(image.Directories[i], place.Index("Directories", i), problems);
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*\z")]
    private static partial Regex NamePattern();

    // The reference grammar of the distribution project: [domain/]path[:tag][@digest].
    [GeneratedRegex(@"\A(([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(:[0-9]+)?/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?\z")]
    private static partial Regex ReferencePattern();

    private sealed record PlacedImage(ContainerImage Image, Place Place);
}
