using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>What a registry's refusal means, from the words in which the engine passes it on; it has no codes for them.</summary>
internal static class RegistryRefusal
{
    private static readonly string[] NotReached =
    [
        "dial tcp", "dial udp", "no such host", "i/o timeout", "connection refused", "connection reset", "TLS handshake", "x509:", "deadline exceeded",
        "network is unreachable", "no route to host", "Client.Timeout", "proxyconnect", "server gave HTTP response to HTTPS client", "request canceled", ": EOF",
        "502 Bad Gateway", "503 Service Unavailable", "504 Gateway",
    ];

    private static readonly string[] NotFound = ["manifest unknown", "name unknown", "repository does not exist", "not found", "no matching manifest"];

    private static readonly string[] NotAllowed =
    [
        "unauthorized", "authentication required", "no basic auth credentials", "access denied", "denied:", "incorrect username or password", "forbidden",
    ];

    public static ProviderException Translate(string doing, ImageReference reference, CredentialLookup lookup, string message)
    {
        var (failure, remedy) = Judge(reference, lookup, message);
        return new ProviderException(
            failure, $"Cannot {doing}: registry {reference.Registry} ({lookup.Told}) did not serve '{reference}': {lookup.Mask(message)}", remedy, Remainder.Untouched.Value);
    }

    private static (ProviderFailure Failure, string Remedy) Judge(ImageReference reference, CredentialLookup lookup, string message)
    {
        if (Holds(message, NotReached))
        {
            return (ProviderFailure.Unreachable, $"See that the Docker host reaches {reference.Registry}: its network, name service, proxy and certificates.");
        }

        if (message.Contains("toomanyrequests", StringComparison.OrdinalIgnoreCase))
        {
            return (ProviderFailure.Refused, $"Log in to {reference.Registry} ('docker login') for a higher limit, or try again later.");
        }

        // Docker Hub says "denied" of what does not exist: it is a matter of permission only to somebody it knows.
        var unknown = Holds(message, NotFound);
        if (Holds(message, NotAllowed) && !(unknown && lookup.Credential is null))
        {
            return (ProviderFailure.Unauthorized, lookup.Credential is null
                ? $"Log in to it ('docker login {reference.Registry}'), or give the provider's registryAuth an entry for it."
                : $"Correct the credentials for {reference.Registry}: log in again ('docker login {reference.Registry}'), or mend the entry in registryAuth or registry.");
        }

        return (ProviderFailure.Refused, unknown
            ? $"See that name and tag are right and made for the host's platform; if the image is not public, log in ('docker login {reference.Registry}')."
            : $"See what {reference.Registry} is up to, and try again.");
    }

    private static bool Holds(string message, string[] words) => words.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
