using System.Collections.Immutable;

namespace Provision.Providers.Docker.Images;

/// <summary>
/// Finds the credentials of a registry at the moment they are used: in the provider's <c>registryAuth</c>, else where the Docker client
/// keeps them. Remembers nothing, for tokens are short-lived.
/// </summary>
internal sealed class RegistryCredentials(LocalMachine machine, ImmutableArray<RegistryAuthSetting> settings)
{
    private readonly CredentialHelper _helper = new(machine);

    public async Task<CredentialLookup> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (settings.FirstOrDefault(setting => setting.Host == host) is not { } setting)
        {
            return await AskFileAsync(host, DefaultFile(), cancellationToken);
        }

        return setting switch
        {
            { Disabled: true } => CredentialLookup.Nothing,
            { Password: { } password } => new CredentialLookup(password),
            { ConfigText: { } text } => await AskTextAsync(host, text, "the provider's configFileContent", cancellationToken),
            { ConfigFile: { } file } => await AskFileAsync(host, FileAt(machine.Resolve(file)), cancellationToken),
            _ => await AskFileAsync(host, DefaultFile(), cancellationToken),
        };
    }

    private string? DefaultFile() => machine.DockerConfigFolder is { } folder ? Path.Combine(machine.Resolve(folder), DockerConfigFile.FileName) : null;

    private static string FileAt(string path) => Directory.Exists(path) ? Path.Combine(path, DockerConfigFile.FileName) : path;

    private async Task<CredentialLookup> AskFileAsync(string host, string? path, CancellationToken cancellationToken)
    {
        if (path is null || !File.Exists(path))
        {
            return CredentialLookup.Nothing;
        }

        try
        {
            return await AskTextAsync(host, await File.ReadAllTextAsync(path, cancellationToken), $"'{path}'", cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new CredentialLookup(null, $"'{path}' cannot be read");
        }
    }

    private async Task<CredentialLookup> AskTextAsync(string host, string text, string where, CancellationToken cancellationToken)
    {
        if (!DockerConfigFile.TryParse(text, out var file, out var reason))
        {
            return new CredentialLookup(null, $"{where} cannot be used, {reason}");
        }

        if (file.HelperOf(host) is not { } helper)
        {
            return new CredentialLookup(file.Find(host));
        }

        var kept = await _helper.AskAsync(helper, host, cancellationToken);
        return kept.Credential is null && file.Find(host) is { } plain ? new CredentialLookup(plain) : kept;
    }
}
