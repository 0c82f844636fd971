namespace Provision.Providers.Docker.Images;

internal enum ContextEntryKind
{
    File,
    Folder,
    Link,
}

/// <summary>One thing in a build context.</summary>
/// <param name="Path">Relative to the context, with slashes.</param>
/// <param name="FullPath">Where it is on this machine.</param>
/// <param name="Kind">A link is never followed, so that nothing outside the context is read through it.</param>
/// <param name="Target">Where a link points, as written in it; null for others.</param>
internal sealed record ContextEntry(string Path, string FullPath, ContextEntryKind Kind, string? Target);
