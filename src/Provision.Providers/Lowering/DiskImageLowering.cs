using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>What machines boot from: one image a host, however many machines clone it, and one kernel for all images that are built.</summary>
internal static class DiskImageLowering
{
    private static readonly HostPackage ImageTool = HypervisorPreparation.Package("qemu-utils", "qemu-img", "qemu-img");
    private static readonly HostPackage FileSystemTool = HypervisorPreparation.Package("e2fsprogs", "e2fsprogs", "mke2fs");
    private static readonly HostPackage DebianTool = HypervisorPreparation.Package("mmdebstrap", "mmdebstrap", "mmdebstrap");
    private static readonly HostPackage SeedTool = HypervisorPreparation.Package("genisoimage", "genisoimage", "genisoimage");

    public static IEnumerable<DiskImage> ImagesOf(Host host) => host.Machines.Select(pair => pair.Machine.Image).OfType<DiskImage>().Distinct();

    /// <summary>What makes images, and the disks that tell a machine what to do at its first boot.</summary>
    public static IEnumerable<HostPackage> Packages(Host host)
    {
        foreach (var image in ImagesOf(host))
        {
            foreach (var tool in ToolsOf(image))
            {
                yield return tool;
            }
        }

        if (host.Machines.Any(pair => FirstBootLowering.IsOnDisk(pair.Machine, pair.Hypervisor)))
        {
            yield return SeedTool;
        }
    }

    public static Urn SeedToolUrn(Host host, StackNames names) => names.PackageUrn(host, SeedTool.Name);

    public static IEnumerable<ResourceGoal> Lower(Host host, StackNames names)
    {
        var images = ImagesOf(host).ToArray();
        if (images.Any(image => image.IsBuilt))
        {
            var kernel = names.BootKernelUrn(host);
            yield return Goal(kernel, [("stamp", names.Stamp(kernel, null))], [HostLowering.BusyboxUrn(host, names)], host, names);
        }

        foreach (var image in images)
        {
            var urn = names.DiskImageUrn(host, image);
            yield return Goal(
                urn, [.. Source(image, host, names), ("stamp", names.Stamp(urn, null))],
                [.. ToolsOf(image).Select(tool => names.PackageUrn(host, tool.Name)).Order()], host, names);
        }
    }

    /// <summary>Whose image it is and for what processors, where that is known.</summary>
    public static Architecture ArchitectureOf(DiskImage image, Host host) => image switch
    {
        CatalogDiskImage { Architecture: { } said } => said,
        UrlDiskImage { Architecture: { } said } => said,
        FileDiskImage { Architecture: { } said } => said,
        _ => host.Architecture ?? Architecture.X64,
    };

    private static IEnumerable<Property> Source(DiskImage image, Host host, StackNames names) => image switch
    {
        CatalogDiskImage catalog when DiskImageCatalog.Find(catalog.Entry)?.Files[ArchitectureOf(image, host)] is { } file =>
            [("url", file.Url), ("digest", OptionalInput.Text(file.Digest)), ("digestUrl", OptionalInput.Text(file.DigestUrl))],
        UrlDiskImage url => [("url", url.Address), ("digest", url.Digest)],
        FileDiskImage file => [("path", file.Path)],
        TinyDiskImage tiny => [("rootFileSystem", new PropertyValue.Reference(names.RootFileSystemUrn(host, tiny.Root), PropertyPath.Of("path")))],
        DebianDiskImage debian =>
        [
            ("debian", PropertyMap.Of(
                ("suite", debian.Suite), ("packages", OptionalInput.Texts(debian.Packages)), ("mirror", OptionalInput.Text(debian.Mirror)))),

            // It starts with the host's kernel, and so takes the drivers that belong to it.
            ("modules", new PropertyValue.Reference(names.BootKernelUrn(host), PropertyPath.Of("path"))),
        ],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static HostPackage[] ToolsOf(DiskImage image) => image switch
    {
        TinyDiskImage => [ImageTool, FileSystemTool],
        DebianDiskImage => [ImageTool, FileSystemTool, DebianTool],
        _ => [ImageTool],
    };

    private static ResourceGoal Goal(Urn urn, IEnumerable<Property> inputs, ImmutableArray<Urn> waitsFor, Host host, StackNames names) => new()
    {
        Urn = urn,
        Custom = true,
        Parent = names.UrnOf(host),
        Provider = names.HostProviderOf(host),
        Inputs = PropertyMap.Of(inputs),
        Options = new ResourceOptions { DependsOn = waitsFor },
        SourcePosition = names.SourceOf(host),
    };
}
