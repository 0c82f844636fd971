using Docker.DotNet.Models;

namespace Provision.Providers.Docker;

/// <summary>How containers are called in messages.</summary>
internal static class ContainerNames
{
    /// <summary>The daemon writes names with a leading slash, and one more name for each old-style link.</summary>
    public static string NameOf(ContainerListResponse container) =>
        (container.Names ?? []).FirstOrDefault(name => name.LastIndexOf('/') == 0)?.TrimStart('/') ?? Short(container.ID);

    public static string Describe(ContainerListResponse container) => $"container '{NameOf(container)}' ({container.State}, {Stamp.OwnerOf(container.Labels)})";

    public static string Short(string id) => id.Length > 12 ? id[..12] : id;
}
