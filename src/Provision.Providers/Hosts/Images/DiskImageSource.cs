using System.Collections.Immutable;

namespace Provision.Providers.Hosts.Images;

/// <summary>Where a disk image comes from.</summary>
internal abstract record DiskImageSource
{
    private DiskImageSource()
    {
    }

    /// <summary>What of it tells one image from another.</summary>
    public abstract string Key { get; }

    /// <summary>A tiny root file system of ours, made into a machine.</summary>
    /// <param name="Root">Its folder, as <see cref="RootFileSystemResource"/> makes it.</param>
    public sealed record Tiny(string Root) : DiskImageSource
    {
        public override string Key => $"tiny {Root}";
    }

    /// <summary>A Debian, put together from its package mirror.</summary>
    /// <param name="Suite">The release's code name.</param>
    /// <param name="Packages">Beside those that every image has.</param>
    /// <param name="Mirror">Null for the host's own.</param>
    /// <param name="Modules">The folder of the boot kernel whose modules it gets; null for none.</param>
    public sealed record Debian(string Suite, ImmutableArray<string> Packages, string? Mirror, string? Modules) : DiskImageSource
    {
        public override string Key => $"debian {Suite} {string.Join(',', Packages)} {Mirror} {Modules}";
    }

    /// <summary>A web server's.</summary>
    /// <param name="Url">Where.</param>
    /// <param name="Digest">What it has to be; null where the publisher's list says.</param>
    /// <param name="DigestUrl">The publisher's list of digests.</param>
    /// <param name="Stall">After how many seconds without a byte a server is given up.</param>
    public sealed record Download(string Url, ImageDigest? Digest, string? DigestUrl, int Stall) : DiskImageSource
    {
        public override string Key => $"url {Url} {Digest} {DigestUrl}";
    }

    /// <summary>A file of the host.</summary>
    public sealed record LocalFile(string Path) : DiskImageSource
    {
        public override string Key => $"path {Path}";
    }
}
