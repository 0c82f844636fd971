namespace Provision.Providers.Docker.Images;

/// <summary>The many ways a registry is written in configurations, as the one host name that image names hold.</summary>
internal static class RegistryAddress
{
    /// <summary>What Docker Hub's credentials are filed under, for reasons of age.</summary>
    private const string DockerHubKey = "https://index.docker.io/v1/";

    /// <summary>The host, with its port; Docker Hub's aliases are one.</summary>
    public static string HostOf(string address)
    {
        var text = address.Trim();
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://"])
        {
            if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                text = text[scheme.Length..];
            }
        }

        var host = text.Split('/', 2)[0].ToLowerInvariant();
        return host is "" or "index.docker.io" or "registry-1.docker.io" or "registry.hub.docker.com" ? ImageReference.DockerHub : host;
    }

    /// <summary>What credentials of a registry are filed under, in headers, configuration files and helper programs.</summary>
    public static string KeyOf(string host) => host == ImageReference.DockerHub ? DockerHubKey : host;
}
