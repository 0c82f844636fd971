using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Images: one a host, however many containers use it.</summary>
internal static class ImageLowering
{
    public static IEnumerable<ContainerImage> ImagesOf(Host host) => host.Images.Concat(host.Containers.Select(container => container.Image)).Distinct();

    /// <summary>The root file systems of its tiny images, whether of containers or of machines.</summary>
    public static IEnumerable<TinyImage> RootsOf(Host host) =>
        ImagesOf(host).OfType<TinyImage>().Concat(DiskImageLowering.ImagesOf(host).OfType<TinyDiskImage>().Select(image => image.Root)).Distinct();

    public static IEnumerable<ResourceGoal> Lower(Host host, StackNames names, ValueLowering values) =>
        RootsOf(host).Select(root => RootFileSystem(root, host, names)).Concat(ImagesOf(host).Select(image => image switch
        {
            TinyImage tiny => Tiny(tiny, host, names),
            BuiltImage built => Built(built, host, names, values),
            RegistryImage registry => Registry(registry, host, names),
            _ => throw new System.Diagnostics.UnreachableException(),
        }));

    /// <summary>
    /// What a container names as its image: the id, by reference, so that a rebuilt image or a moved tag makes its containers anew.
    /// </summary>
    public static PropertyValue Reference(ContainerImage image, Host host, StackNames names) =>
        new PropertyValue.Reference(names.ImageUrn(host, image), PropertyPath.Of(image is RegistryImage ? "imageId" : "repoDigest"));

    private static ResourceGoal RootFileSystem(TinyImage image, Host host, StackNames names)
    {
        var urn = names.RootFileSystemUrn(host, image);
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.UrnOf(host),
            Provider = names.HostProviderOf(host),
            Inputs = PropertyMap.Of(
                ("files", OptionalInput.List(image.Files.Select(file => (PropertyValue)PropertyMap.Of(
                    ("path", file.Path), ("content", file.Content), ("mode", file.Mode))))),
                ("directories", OptionalInput.Texts(image.Directories)),
                ("entrypoint", OptionalInput.Texts(image.Entrypoint)),
                ("command", OptionalInput.Texts(image.Command.IsEmpty && image.Entrypoint.IsEmpty ? ["/bin/sh"] : image.Command)),
                ("stamp", names.Stamp(urn, null))),
            Options = new ResourceOptions { DependsOn = [HostLowering.BusyboxUrn(host, names)] },
            SourcePosition = names.SourceOf(host),
        };
    }

    private static ResourceGoal Tiny(TinyImage image, Host host, StackNames names) => Image(
        names.ImageUrn(host, image), host, names, image.Name,
        PropertyMap.Of(
            ("context", new PropertyValue.Reference(names.RootFileSystemUrn(host, image), PropertyPath.Of("path"))), ("builderVersion", "BuilderV1")),
        []);

    private static ResourceGoal Built(BuiltImage image, Host host, StackNames names, ValueLowering values) => Image(
        names.ImageUrn(host, image), host, names, image.Name,
        PropertyMap.Of(
            ("context", image.Folder),
            ("dockerfile", OptionalInput.Text(image.Dockerfile == "Dockerfile" ? null : $"{image.Folder.TrimEnd('/')}/{image.Dockerfile}")),
            ("args", OptionalInput.Map(image.Arguments.Select(argument => new Property(argument.Key, values.LowerText(argument.Value.Expression))))),
            ("target", OptionalInput.Text(image.Target)),
            ("platform", OptionalInput.Text(image.Platform)),
            ("builderVersion", image.BuildKit ? "BuilderBuildKit" : "BuilderV1")),
        image.Arguments.Values.SelectMany(argument => values.DependenciesOf(argument.Expression)));

    private static ResourceGoal Image(Urn urn, Host host, StackNames names, string name, PropertyMap build, IEnumerable<Urn> waitsFor) => new()
    {
        Urn = urn,
        Custom = true,
        Parent = names.UrnOf(host),
        Provider = names.DockerProviderOf(host),
        Inputs = PropertyMap.Of(
            ("imageName", names.ImageName(name)),
            ("build", build),
            ("skipPush", true),
            ("__stamp", names.Stamp(urn, null))),
        Options = new ResourceOptions { DependsOn = [.. waitsFor.Distinct().Order()] },
        SourcePosition = names.SourceOf(host),
    };

    private static ResourceGoal Registry(RegistryImage image, Host host, StackNames names) => new()
    {
        Urn = names.ImageUrn(host, image),
        Custom = true,
        Parent = names.UrnOf(host),
        Provider = names.DockerProviderOf(host),

        // Kept: another stack, or the user, may run containers of the same image, and pulling it again is what costs.
        Inputs = PropertyMap.Of(("name", image.Reference), ("keepLocally", true), ("platform", OptionalInput.Text(image.Platform))),
        SourcePosition = names.SourceOf(host),
    };
}
