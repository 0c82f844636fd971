using System.Collections.Immutable;

namespace Provision.Model.Policies;

/// <summary>A stack as it is brought up: resources with inputs, whatever they were declared with.</summary>
public sealed class LoweredStack
{
    private readonly ILookup<string, LoweredResource> _byType;

    internal LoweredStack(string name, ImmutableArray<LoweredResource> resources)
    {
        (Name, Resources) = (name, resources);
        _byType = resources.ToLookup(resource => resource.Type, StringComparer.Ordinal);
    }

    /// <summary>The stack's name.</summary>
    public string Name { get; }

    /// <summary>Its resources, what others need first.</summary>
    public ImmutableArray<LoweredResource> Resources { get; }

    /// <summary>Its resources of a type; see <see cref="ResourceTypes"/>.</summary>
    public IEnumerable<LoweredResource> OfType(string type) => _byType[type];
}

/// <summary>One resource of a lowered stack.</summary>
/// <param name="Name">Its name in the stack.</param>
/// <param name="Type">Its type; see <see cref="ResourceTypes"/>.</param>
/// <param name="Urn">What it is known by over all stacks.</param>
/// <param name="Owner">Whom it is for; null where nobody says.</param>
/// <param name="Inputs">What is asked of it, by the names that Pulumi's packages have for it.</param>
public sealed record LoweredResource(string Name, string Type, string Urn, string? Owner, LoweredValue Inputs)
{
    /// <summary>One of its inputs; missing where it is not set.</summary>
    public LoweredValue this[string input] => Inputs[input];
}

/// <summary>The types of resources that policies are about.</summary>
public static class ResourceTypes
{
    /// <summary>A container.</summary>
    public const string Container = "docker:index/container:Container";

    /// <summary>An image from a registry.</summary>
    public const string RegistryImage = "docker:index/remoteImage:RemoteImage";

    /// <summary>An image that is built.</summary>
    public const string BuiltImage = "docker:index/image:Image";

    /// <summary>A network of containers.</summary>
    public const string ContainerNetwork = "docker:index/network:Network";

    /// <summary>A volume of containers.</summary>
    public const string ContainerVolume = "docker:index/volume:Volume";

    /// <summary>A virtual machine.</summary>
    public const string Machine = "libvirt:index/domain:Domain";

    /// <summary>A disk of a virtual machine.</summary>
    public const string Disk = "libvirt:index/volume:Volume";

    /// <summary>A network of virtual machines.</summary>
    public const string MachineNetwork = "libvirt:index/network:Network";

    /// <summary>A pool of disks.</summary>
    public const string Pool = "libvirt:index/pool:Pool";
}
