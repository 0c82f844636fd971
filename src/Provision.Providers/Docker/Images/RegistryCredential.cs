using Docker.DotNet.Models;

namespace Provision.Providers.Docker.Images;

/// <summary>What one registry knows us by. Lives as long as one call; says nothing of itself where it is printed.</summary>
internal sealed class RegistryCredential
{
    private readonly string? _username;
    private readonly string? _password;
    private readonly string? _identityToken;
    private readonly string? _registryToken;

    private RegistryCredential(string? username, string? password, string? identityToken, string? registryToken) =>
        (_username, _password, _identityToken, _registryToken) = (username, password, identityToken, registryToken);

    public static RegistryCredential OfPassword(string username, string password) => new(username, password, null, null);

    public static RegistryCredential OfToken(string? identityToken, string? registryToken = null) => new(null, null, identityToken, registryToken);

    /// <summary>In the form the engine takes in its registry headers.</summary>
    public AuthConfig For(string registry) => new()
    {
        Username = _username,
        Password = _password,
        IdentityToken = _identityToken,
        RegistryToken = _registryToken,
        ServerAddress = RegistryAddress.KeyOf(registry),
    };

    /// <summary>What must not appear in any output.</summary>
    public IEnumerable<string> Secrets => new[] { _password, _identityToken, _registryToken }.OfType<string>().Where(text => text.Length > 0);

    public override string ToString() => "[credential]";
}
