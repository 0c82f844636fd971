namespace Provision.Providers.Hosts.Images;

/// <summary>Where a disk image comes from.</summary>
internal abstract record DiskImageSource
{
    private DiskImageSource()
    {
    }

    /// <summary>A tiny root file system of ours, made into a machine.</summary>
    /// <param name="Root">Its folder, as <see cref="RootFileSystemResource"/> makes it.</param>
    public sealed record Tiny(string Root) : DiskImageSource;
}
