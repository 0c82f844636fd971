using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>The images a daemon holds.</summary>
internal static class EngineImages
{
    public static async Task<IReadOnlyList<ImagesListResponse>> ListAsync(DockerConnection docker, CancellationToken cancellationToken) =>
        [.. await docker.AskAsync("list the images", (client, token) => client.Images.ListImagesAsync(new ImagesListParameters(), token), cancellationToken)];

    /// <summary>All images with the label, untagged ones too.</summary>
    public static async Task<IReadOnlyList<ImagesListResponse>> ListStampedAsync(DockerConnection docker, string urn, CancellationToken cancellationToken) =>
        [.. await docker.AskAsync(
            "list the images of this stack",
            (client, token) => client.Images.ListImagesAsync(new ImagesListParameters { Filters = Filter.Of("label", $"{Stamp.Urn}={urn}") }, token),
            cancellationToken)];

    /// <summary>The image of that name or id; null where the daemon has none.</summary>
    public static async Task<ImageInspectResponse?> InspectAsync(DockerConnection docker, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await docker.AskAsync($"inspect image '{name}'", (client, token) => client.Images.InspectImageAsync(name, token), cancellationToken);
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return null;
        }
    }

    /// <summary>Whether the name is one of the image's, in whatever spelling.</summary>
    public static bool HasName(ImagesListResponse image, ImageReference reference) => HasName(image.RepoTags, image.RepoDigests, reference);

    public static bool HasName(IList<string>? tags, IList<string>? digests, ImageReference reference) =>
        reference.Digest is { } digest
            ? References(digests).Any(have => have.Repository == reference.Repository && have.Digest == digest)
            : References(tags).Any(have => have.Repository == reference.Repository && have.Tag == reference.Tag);

    /// <summary>The digest by which the image's own registry knows it, as the engine writes it; null for one that never was in a registry.</summary>
    public static string? RepoDigestOf(IList<string>? digests, ImageReference reference) =>
        (digests ?? []).Order(StringComparer.Ordinal)
            .FirstOrDefault(text => ImageReference.TryParse(text, out var have, out _) && have.Repository == reference.Repository
                && (reference.Digest is null || have.Digest == reference.Digest));

    /// <summary>
    /// Takes the name from the image, and so the image away with its last name. What a container uses is kept, and said so:
    /// never by force, for what runs on it would be left without.
    /// </summary>
    public static async Task<bool> RemoveAsync(
        DockerConnection docker, string name, string imageId, bool force, IStepProgress progress, CancellationToken cancellationToken)
    {
        if (!force && await UsersOfAsync(docker, imageId, cancellationToken) is { Count: > 0 } users)
        {
            progress.Report($"image '{name}' is kept: {string.Join(", ", users)} use{(users.Count == 1 ? "s" : "")} it");
            return false;
        }

        try
        {
            await docker.ChangeAsync(
                $"remove image '{name}'", (client, token) => client.Images.DeleteImageAsync(name, new ImageDeleteParameters { Force = force }, token), cancellationToken);
            return true;
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return true;
        }
        catch (ProviderException failure) when (failure.IsConflict())
        {
            progress.Report($"image '{name}' is kept: {failure.Message}");
            return false;
        }
    }

    private static async Task<IReadOnlyList<string>> UsersOfAsync(DockerConnection docker, string imageId, CancellationToken cancellationToken)
    {
        var all = await docker.AskAsync(
            "list the containers that use an image",
            (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken);
        return [.. all.Where(container => container.ImageID == imageId).Select(ContainerNames.Describe)];
    }

    private static IEnumerable<ImageReference> References(IList<string>? texts)
    {
        foreach (var text in texts ?? [])
        {
            if (ImageReference.TryParse(text, out var reference, out _))
            {
                yield return reference;
            }
        }
    }
}
