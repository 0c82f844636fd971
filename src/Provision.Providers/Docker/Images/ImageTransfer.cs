using Docker.DotNet;
using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>Brings images from registries and takes them there.</summary>
internal sealed class ImageTransfer(RegistryCredentials credentials)
{
    private static readonly AuthConfig NoCredentials = new();

    /// <summary>Without a platform, the engine takes its own.</summary>
    public async Task PullAsync(DockerConnection docker, ImageReference reference, string? platform, IStepProgress progress, CancellationToken cancellationToken)
    {
        var lookup = await credentials.FindAsync(reference.Registry, cancellationToken);
        var told = new TransferProgress($"pulling {reference.Familiar}", progress);
        var parameters = new ImagesCreateParameters { FromImage = reference.FamiliarRepository, Tag = reference.Digest ?? reference.Tag, Platform = platform };
        await TransferAsync(
            $"pull image '{reference.Familiar}'", reference, lookup, told,
            (doing, token) => docker.ChangeAsync(doing, (client, inner) => client.Images.CreateImageAsync(parameters, AuthOf(lookup, reference), told, inner), token),
            cancellationToken);
    }

    /// <summary>Returns the digest under which the registry has it, where it told. Credentials that the resource itself brings go before all others.</summary>
    public async Task<string?> PushAsync(
        DockerConnection docker, ImageReference reference, RegistryCredential? given, IStepProgress progress, CancellationToken cancellationToken)
    {
        var lookup = given is null ? await credentials.FindAsync(reference.Registry, cancellationToken) : new CredentialLookup(given);
        var told = new TransferProgress($"pushing {reference.Familiar}", progress);
        var parameters = new ImagePushParameters { Tag = reference.Tag };
        await TransferAsync(
            $"push image '{reference.Familiar}'", reference, lookup, told,
            (doing, token) => docker.ChangeAsync(
                doing, (client, inner) => client.Images.PushImageAsync(reference.FamiliarRepository, parameters, AuthOf(lookup, reference), told, inner), token),
            cancellationToken);
        return told.Digest;
    }

    private static AuthConfig AuthOf(CredentialLookup lookup, ImageReference reference) => lookup.Credential?.For(reference.Registry) ?? NoCredentials;

    /// <summary>The engine tells a registry's refusal with a status when it comes at once, and within its answer when it comes later.</summary>
    private static async Task TransferAsync(
        string doing, ImageReference reference, CredentialLookup lookup, TransferProgress told, Func<string, CancellationToken, Task> transfer, CancellationToken cancellationToken)
    {
        try
        {
            await transfer(doing, cancellationToken);
        }
        catch (ProviderException refusal) when (refusal.InnerException is DockerApiException api)
        {
            throw RegistryRefusal.Translate(doing, reference, lookup, DockerErrors.DaemonMessage(api));
        }

        if (told.Error is { } error)
        {
            throw RegistryRefusal.Translate(doing, reference, lookup, error);
        }
    }
}
