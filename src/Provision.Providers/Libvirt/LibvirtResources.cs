namespace Provision.Providers.Libvirt;

/// <summary>The kinds of the <c>libvirt</c> package, by type token.</summary>
internal static class LibvirtResources
{
    public static Dictionary<string, ILibvirtResource> All(TimeProvider clock, HostVirtualization virtualization) =>
        new ILibvirtResource[]
        {
            new CloudInitDiskResource(clock, Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin"),
            new DomainResource(clock, virtualization, new DirectDial()),
            new IgnitionResource(ignition: true),
            new IgnitionResource(ignition: false),
            new NetworkResource(),
            new PoolResource(),
            new VolumeResource(clock),
        }.ToDictionary(resource => resource.Type, StringComparer.Ordinal);
}
