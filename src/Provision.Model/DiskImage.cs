using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>The processors that an image is for, or a host has.</summary>
public enum Architecture
{
    /// <summary>64 bits of the x86 family.</summary>
    X64,

    /// <summary>64 bits of the ARM family.</summary>
    Arm64,
}

/// <summary>How an image takes what its first boot is to do.</summary>
public enum FirstBootFormat
{
    /// <summary>By cloud-init, from a disk.</summary>
    CloudConfig,

    /// <summary>By Ignition.</summary>
    Ignition,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>What the first disk of a virtual machine starts as. A closed hierarchy; made by its methods, changed by <c>with</c>.</summary>
public abstract record DiskImage
{
    /// <summary>Debian 12's cloud image.</summary>
    public static readonly CatalogDiskImage Debian12 = Catalog("debian-12");

    /// <summary>Debian 13's cloud image.</summary>
    public static readonly CatalogDiskImage Debian13 = Catalog("debian-13");

    /// <summary>Ubuntu 22.04's cloud image.</summary>
    public static readonly CatalogDiskImage Ubuntu2204 = Catalog("ubuntu-22.04");

    /// <summary>Ubuntu 24.04's cloud image.</summary>
    public static readonly CatalogDiskImage Ubuntu2404 = Catalog("ubuntu-24.04");

    /// <summary>Ubuntu 26.04's cloud image.</summary>
    public static readonly CatalogDiskImage Ubuntu2604 = Catalog("ubuntu-26.04");

    /// <summary>Fedora 43's cloud image.</summary>
    public static readonly CatalogDiskImage Fedora43 = Catalog("fedora-43");

    /// <summary>Fedora 44's cloud image.</summary>
    public static readonly CatalogDiskImage Fedora44 = Catalog("fedora-44");

    /// <summary>Rocky Linux 9's cloud image.</summary>
    public static readonly CatalogDiskImage Rocky9 = Catalog("rocky-9");

    /// <summary>Rocky Linux 10's cloud image.</summary>
    public static readonly CatalogDiskImage Rocky10 = Catalog("rocky-10");

    /// <summary>Alpine Linux 3.23's cloud image.</summary>
    public static readonly CatalogDiskImage Alpine323 = Catalog("alpine-3.23");

    private protected DiskImage(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>The image's name on its host.</summary>
    public string Name { get; init; }

    /// <summary>A cloud image of the catalogue, such as <c>debian-13</c>: fetched once a host, and verified.</summary>
    public static CatalogDiskImage Catalog(string name) => new(name);

    /// <summary>An image of a web server: fetched once a host, and used only when it has the digest, <c>sha256:…</c> or <c>sha512:…</c>.</summary>
    public static UrlDiskImage Url(string url, string digest) => new(url, digest);

    /// <summary>An image that the host has, by its absolute path there.</summary>
    public static FileDiskImage File(string path) => new(path);

    /// <summary>
    /// A few megabytes made on the host from its distribution's kernel, static busybox and SSH server, up in seconds even in plain emulation.
    /// With the root file system of a <see cref="ContainerImage.Tiny"/> one workload can be a container or a machine: its command runs here too.
    /// </summary>
    public static TinyDiskImage Tiny(TinyImage? root = null) => new(root ?? ContainerImage.Tiny());

    /// <summary>A Debian made on the host from its package mirror, with further packages.</summary>
    public static DebianDiskImage Debian(string suite, params ImmutableArray<string> packages) => new(suite) { Packages = packages };

    /// <summary>How it takes its first boot; null where it takes a script, as tiny ones do.</summary>
    internal abstract FirstBootFormat? Format { get; }

    /// <summary>Whom one logs in as.</summary>
    internal abstract string LoginUser { get; }

    /// <summary>The memory below which it is known not to start.</summary>
    internal abstract DataSize LeastMemory { get; }

    /// <summary>Built on the host, and started with the host's kernel.</summary>
    internal bool IsBuilt => this is TinyDiskImage or DebianDiskImage;
}

/// <summary>A cloud image of the catalogue.</summary>
public sealed record CatalogDiskImage(string Entry) : DiskImage(Entry)
{
    /// <summary>The entry of the catalogue.</summary>
    public string Entry { get; init; } = Entry;

    /// <summary>The processors to take it for; null for the host's.</summary>
    public Architecture? Architecture { get; init; }

    internal override FirstBootFormat? Format => DiskImageCatalog.Find(Entry)?.Format ?? FirstBootFormat.CloudConfig;

    internal override string LoginUser => DiskImageCatalog.Find(Entry)?.User ?? "root";

    internal override DataSize LeastMemory => DiskImageCatalog.Find(Entry)?.LeastMemory ?? default;
}

/// <summary>An image of a web server.</summary>
public sealed record UrlDiskImage(string Address, string Digest) : DiskImage(LastPart(Address))
{
    /// <summary>Its URL.</summary>
    public string Address { get; init; } = Address;

    /// <summary>What its content has to be, <c>sha256:…</c> or <c>sha512:…</c>.</summary>
    public string Digest { get; init; } = Digest;

    /// <summary>How it takes its first boot.</summary>
    public FirstBootFormat FirstBoot { get; init; }

    /// <summary>Whom one logs in as.</summary>
    public string User { get; init; } = "root";

    /// <summary>The processors it is for; null where that is not known.</summary>
    public Architecture? Architecture { get; init; }

    internal override FirstBootFormat? Format => FirstBoot;

    internal override string LoginUser => User;

    internal override DataSize LeastMemory => default;

    internal static string LastPart(string path) => path.Split('?', '#')[0].TrimEnd('/').Split('/')[^1] is { Length: > 0 } last ? last : "image";
}

/// <summary>An image that the host has.</summary>
public sealed record FileDiskImage(string Path) : DiskImage(UrlDiskImage.LastPart(Path))
{
    /// <summary>Its absolute path on the host.</summary>
    public string Path { get; init; } = Path;

    /// <summary>How it takes its first boot.</summary>
    public FirstBootFormat FirstBoot { get; init; }

    /// <summary>Whom one logs in as.</summary>
    public string User { get; init; } = "root";

    /// <summary>The processors it is for; null where that is not known.</summary>
    public Architecture? Architecture { get; init; }

    internal override FirstBootFormat? Format => FirstBoot;

    internal override string LoginUser => User;

    internal override DataSize LeastMemory => default;
}

/// <summary>A kernel and a few megabytes around static busybox.</summary>
public sealed record TinyDiskImage(TinyImage Root) : DiskImage(Root.Name)
{
    /// <summary>Its root file system; containers may have the same. Its command runs beside the SSH server.</summary>
    public TinyImage Root { get; init; } = Root;

    internal override FirstBootFormat? Format => null;

    internal override string LoginUser => "root";

    // Below it the kernel and its initial file system do not fit beside each other.
    internal override DataSize LeastMemory => 80.MiB;
}

/// <summary>A Debian made from its package mirror.</summary>
public sealed record DebianDiskImage(string Suite) : DiskImage($"debian-{Suite}")
{
    /// <summary>The release, by its code name.</summary>
    public string Suite { get; init; } = Suite;

    /// <summary>Packages beside those that every image has.</summary>
    public ImmutableArray<string> Packages { get; init; } = [];

    /// <summary>The mirror; null for the one that the host uses.</summary>
    public string? Mirror { get; init; }

    // With cloud-init among its packages it is as the cloud images are; without, a script does what is said of its first boot.
    internal override FirstBootFormat? Format => Packages.Contains("cloud-init") ? FirstBootFormat.CloudConfig : null;

    internal override string LoginUser => Format is null ? "root" : "debian";

    internal override DataSize LeastMemory => 192.MiB;

    /// <summary>Whether the other is the same release with the same packages: machines may then share the image.</summary>
    public bool Equals(DebianDiskImage? other) =>
        other is not null && Name == other.Name && Suite == other.Suite && Mirror == other.Mirror && Packages.AsSpan().SequenceEqual(other.Packages.AsSpan());

    /// <summary>By name and number of packages.</summary>
    public override int GetHashCode() => HashCode.Combine(Name, Packages.Length);
}
