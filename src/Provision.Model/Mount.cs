namespace Provision.Model;

/// <summary>Something that appears in a container's file system. A closed hierarchy.</summary>
/// <param name="Target">Where, absolute.</param>
public abstract record Mount(string Target)
{
    /// <summary>The container may only read it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The host's volume of that name.</summary>
    public static Mount Volume(string volume, string target, bool readOnly = false) => new OfVolume(volume, null, target) { ReadOnly = readOnly };

    /// <summary>That volume.</summary>
    public static Mount Volume(ContainerVolume volume, string target, bool readOnly = false)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return new OfVolume(volume.Name, volume, target) { ReadOnly = readOnly };
    }

    /// <summary>A file or folder of the host, by its absolute path there.</summary>
    public static Mount Bind(string source, string target, bool readOnly = false) => new OfBind(source, target) { ReadOnly = readOnly };

    /// <summary>A file system in memory; without a size, up to half of the host's memory.</summary>
    public static Mount Tmpfs(string target, DataSize? size = null) => new OfTmpfs(target, size);

    /// <summary>A volume.</summary>
    /// <param name="Name">The volume's name.</param>
    /// <param name="Declared">The volume, where it was given as an object.</param>
    /// <param name="Target">Where, absolute.</param>
    public sealed record OfVolume(string Name, ContainerVolume? Declared, string Target) : Mount(Target);

    /// <summary>A file or folder of the host.</summary>
    /// <param name="Source">Its absolute path on the host.</param>
    /// <param name="Target">Where, absolute.</param>
    public sealed record OfBind(string Source, string Target) : Mount(Target);

    /// <summary>A file system in memory.</summary>
    /// <param name="Target">Where, absolute.</param>
    /// <param name="Size">Its size; null for half of the host's memory.</param>
    public sealed record OfTmpfs(string Target, DataSize? Size) : Mount(Target);
}
