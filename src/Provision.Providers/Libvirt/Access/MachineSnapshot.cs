namespace Provision.Providers.Libvirt.Access;

/// <summary>A saved state of a machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What somebody wrote about it; empty where nobody did.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="State">What the machine did then, in libvirt's word: running, shutoff, …</param>
/// <param name="Parent">The snapshot it was made after; null for the first.</param>
/// <param name="IsCurrent">Whether the machine goes on from it.</param>
public sealed record MachineSnapshot(string Name, string Description, DateTimeOffset CreatedAt, string State, string? Parent, bool IsCurrent);
