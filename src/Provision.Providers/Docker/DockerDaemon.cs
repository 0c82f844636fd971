namespace Provision.Providers.Docker;

/// <summary>A daemon in its own words.</summary>
public sealed record DockerDaemon(string Version, string ApiVersion, string OperatingSystem, string Architecture, string Kernel);
