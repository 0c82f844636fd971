using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>Builds an image by the tool its specification names, with the credentials its base images need.</summary>
internal sealed class ImageBuilder(LocalMachine machine, RegistryCredentials credentials)
{
    /// <summary>Returns the image that now has the name.</summary>
    public async Task<ImageInspectResponse> BuildAsync(DockerConnection docker, BuildSpec spec, IStepProgress progress, CancellationToken cancellationToken)
    {
        progress.Report($"building {spec.Name}");
        var auths = await CredentialsAsync(spec, cancellationToken);
        var id = spec.Tool == BuildTool.Engine
            ? await EngineBuild.RunAsync(docker, Masked(spec, auths), auths.Select(auth => auth.Value.For(auth.Key)), progress, cancellationToken)
            : await new ClientBuild(machine).RunAsync(docker.Endpoint, Masked(spec, auths), auths, progress, cancellationToken);
        return await EngineImages.InspectAsync(docker, id ?? spec.Name, cancellationToken)
            ?? throw new ProviderException(
                ProviderFailure.Refused, $"Cannot build image '{spec.Name}': the builder ended well, but the Docker daemon at {docker.Endpoint.Name} has no such image.",
                "If the builder keeps its results to itself (a buildx builder in a container), choose one that loads them into the engine.", Remainder.Untouched.Value);
    }

    private async Task<Dictionary<string, RegistryCredential>> CredentialsAsync(BuildSpec spec, CancellationToken cancellationToken)
    {
        var found = spec.Credentials.ToDictionary(StringComparer.Ordinal);
        var hosts = spec.Context is { } context
            ? DockerfileImages.RegistriesOf(await File.ReadAllTextAsync(context.Dockerfile, cancellationToken), spec.Args)
            : [ImageReference.DockerHub];
        var cached = spec.CacheFrom.Select(name => ImageReference.TryParse(name, out var reference, out _) ? reference.Registry : null).OfType<string>();
        foreach (var host in hosts.Union(cached).Where(host => !found.ContainsKey(host)))
        {
            if ((await credentials.FindAsync(host, cancellationToken)).Credential is { } credential)
            {
                found[host] = credential;
            }
        }

        return found;
    }

    private static BuildSpec Masked(BuildSpec spec, Dictionary<string, RegistryCredential> auths) =>
        spec with { Mask = spec.Mask.With(auths.Values.SelectMany(auth => auth.Secrets)) };
}
