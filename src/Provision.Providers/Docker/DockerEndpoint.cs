using System.Text.Json;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Docker;

/// <summary>Which daemon a provider instance talks to, and with which TLS material, as its configuration says. Pure but for a context's file.</summary>
internal sealed record DockerEndpoint(Uri Address, TlsMaterial? Tls)
{
    public const string DefaultHost = "unix:///var/run/docker.sock";

    private static readonly PropertyPath HostPath = PropertyPath.Of("host");

    /// <summary>The name under which the engine counts steps and messages speak of it.</summary>
    public string Name => Address.Scheme == "unix" ? $"unix://{Address.AbsolutePath}" : Address.OriginalString;

    public bool IsUnix => Address.Scheme == "unix";

    public string SocketPath => Uri.UnescapeDataString(Address.AbsolutePath);

    /// <summary>Reads the configuration; every mistake in it goes to <paramref name="failures"/>. Null where the host cannot be told (yet).</summary>
    public static DockerEndpoint? Read(PropertyMap config, ICollection<CheckFailure> failures)
    {
        var text = TextOf(config, "host", failures);
        if (TextOf(config, "context", failures) is { Length: > 0 } context)
        {
            text = HostOfContext(context, failures);
        }

        var tls = ReadTls(config, failures);
        return config.Find("host") is PropertyValue.Unknown || config.Find("context") is PropertyValue.Unknown
            ? null
            : Parse(text is { Length: > 0 } ? text : DefaultHost, tls, failures);
    }

    private static DockerEndpoint? Parse(string text, TlsMaterial? tls, ICollection<CheckFailure> failures)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            failures.Add(new CheckFailure(HostPath, $"'{text}' is no URL of a Docker daemon", $"Write it as {DefaultHost} or tcp://host:2376."));
            return null;
        }

        switch (uri.Scheme)
        {
            case "unix" when uri.AbsolutePath.Length > 1 && uri.Host.Length == 0:
            case "tcp" or "http" or "https" when uri.Host.Length > 0:
                return new DockerEndpoint(uri, tls);
            case "unix":
                failures.Add(new CheckFailure(HostPath, $"'{text}' names no socket with an absolute path", $"Write three slashes: {DefaultHost}."));
                return null;
            case "tcp" or "http" or "https":
                failures.Add(new CheckFailure(HostPath, $"'{text}' names no host", "Write it as tcp://host:2376."));
                return null;
            case "ssh":
                failures.Add(new CheckFailure(
                    HostPath,
                    $"'{text}' is to be reached over SSH, which this provider does not do by itself",
                    "Declare the host with an ssh:// address: its host transport forwards the daemon's socket and gives this provider a unix:// host."));
                return null;
            default:
                failures.Add(new CheckFailure(HostPath, $"'{text}' has the scheme '{uri.Scheme}', which is none of unix and tcp", $"Write it as {DefaultHost} or tcp://host:2376."));
                return null;
        }
    }

    private static TlsMaterial? ReadTls(PropertyMap config, ICollection<CheckFailure> failures)
    {
        var folder = TextOf(config, "certPath", failures);
        var ca = TextOf(config, "caMaterial", failures);
        var certificate = TextOf(config, "certMaterial", failures);
        var key = TextOf(config, "keyMaterial", failures);
        var anyMaterial = ca is { Length: > 0 } || certificate is { Length: > 0 } || key is { Length: > 0 };
        if (folder is { Length: > 0 } && anyMaterial)
        {
            failures.Add(new CheckFailure(PropertyPath.Of("certPath"), "certPath and caMaterial, certMaterial, keyMaterial exclude each other", "Keep one of the two."));
            return null;
        }

        if (folder is { Length: > 0 })
        {
            return new TlsMaterial.Folder(folder);
        }

        // Upstream turns certificate verification off where the CA is missing. We do not: all three or none.
        if (anyMaterial && (ca is not { Length: > 0 } || certificate is not { Length: > 0 } || key is not { Length: > 0 }))
        {
            failures.Add(new CheckFailure(PropertyPath.Root, "caMaterial, certMaterial and keyMaterial are only useful together", "Give all three."));
            return null;
        }

        return anyMaterial ? new TlsMaterial.Pem(ca ?? "", certificate ?? "", key ?? "") : null;
    }

    /// <summary>The host of a context of the docker CLI: <c>~/.docker/contexts/meta/*/meta.json</c> with <c>{"Name":…,"Endpoints":{"docker":{"Host":…}}}</c>.</summary>
    private static string? HostOfContext(string context, ICollection<CheckFailure> failures)
    {
        if (context == "default")
        {
            return DefaultHost;
        }

        var path = PropertyPath.Of("context");
        var root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker", "contexts", "meta");
        try
        {
            foreach (var folder in Directory.Exists(root) ? Directory.EnumerateDirectories(root) : [])
            {
                var file = Path.Combine(folder, "meta.json");
                if (!File.Exists(file))
                {
                    continue;
                }

                using var json = JsonDocument.Parse(File.ReadAllBytes(file));
                if (json.RootElement.TryGetProperty("Name"u8, out var name) && name.ValueEquals(context)
                    && json.RootElement.TryGetProperty("Endpoints", out var endpoints) && endpoints.TryGetProperty("docker", out var docker)
                    && docker.TryGetProperty("Host", out var host))
                {
                    return host.GetString();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            failures.Add(new CheckFailure(path, $"the docker context '{context}' cannot be read: {exception.Message}", "Set host instead."));
            return null;
        }

        failures.Add(new CheckFailure(path, $"there is no docker context '{context}' below {root}", "See 'docker context ls', or set host."));
        return null;
    }

    private static string? TextOf(PropertyMap config, string key, ICollection<CheckFailure> failures)
    {
        switch (config.Find(key) is PropertyValue.Secret secret ? secret.Reveal() : config.Find(key))
        {
            case PropertyValue.String text:
                return text.Value;
            case null or PropertyValue.Null or PropertyValue.Unknown:
                return null;
            default:
                failures.Add(new CheckFailure(PropertyPath.Of(key), $"{key} is to be text"));
                return null;
        }
    }
}
