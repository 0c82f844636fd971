namespace Provision.Providers.Hosts;

/// <summary>A package as a package manager is asked for it.</summary>
/// <param name="Version">Null for the one the manager prefers.</param>
internal sealed record WantedPackage(string Name, string? Version);
