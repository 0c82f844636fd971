namespace Provision.Providers.Libvirt.Access;

/// <summary>A hypervisor in its own words.</summary>
/// <param name="Driver">libvirt's driver, such as QEMU.</param>
/// <param name="LibraryVersion">Of <c>libvirt.so.0</c> here.</param>
/// <param name="DaemonVersion">Of the libvirt that it is reached through.</param>
/// <param name="HypervisorVersion">Of the hypervisor itself.</param>
public sealed record HypervisorDescription(string Driver, Version LibraryVersion, Version DaemonVersion, Version HypervisorVersion);
