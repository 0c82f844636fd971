using Docker.DotNet;
using Docker.DotNet.Models;
using System.Text.Json;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>Builds through the engine's own API.</summary>
internal static class EngineBuild
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    /// <summary>Returns the image's id, where the engine told it.</summary>
    public static async Task<string?> RunAsync(
        DockerConnection docker, BuildSpec spec, IEnumerable<AuthConfig> credentials, IStepProgress progress, CancellationToken cancellationToken)
    {
        var output = new BuildOutput(spec, progress);
        var archive = spec.Context is { } context ? new ContextArchive(context) : null;
        var parameters = Parameters(spec, archive?.DockerfileName ?? spec.RemoteDockerfile);
        try
        {
            await SendAsync(
                archive,
                (stream, outer) => docker.ChangeAsync(
                    $"build image '{spec.Name}'",
                    (client, token) => client.Images.BuildImageFromDockerfileAsync(parameters, stream, credentials, NoHeaders, output, token),
                    outer),
                cancellationToken);
        }
        catch (ProviderException refusal) when (refusal.InnerException is DockerApiException api)
        {
            // The engine refuses some mistakes, such as an unknown instruction, before the first step.
            throw output.Failed(DockerErrors.DaemonMessage(api));
        }
        catch (IOException unreadable)
        {
            throw new ProviderException(
                ProviderFailure.Refused, unreadable.Message, "See that the files can be read and do not change while they are sent.", Remainder.Untouched.Value, unreadable);
        }

        return output.Error is null ? output.ImageId : throw output.Failed(null);
    }

    private static Task SendAsync(ContextArchive? archive, Func<Stream, CancellationToken, Task> send, CancellationToken cancellationToken) =>
        archive is null
            ? send(Stream.Null, cancellationToken)
            : archive.SendAsync(
                async (stream, token) =>
                {
                    await send(stream, token);
                    return true;
                },
                cancellationToken);

    private static ImageBuildParameters Parameters(BuildSpec spec, string? dockerfile) => new()
    {
        Tags = [spec.Name, .. spec.ExtraTags],
        Dockerfile = dockerfile,
        RemoteContext = spec.RemoteContext,
        BuildArgs = spec.Args.Count > 0 ? spec.Args.ToDictionary() : null,
        Labels = spec.Labels.Count > 0 ? spec.Labels.ToDictionary() : null,

        // The engine wants one JSON array; the client would send a parameter an image.
        CacheFrom = spec.CacheFrom.IsEmpty ? null : [JsonSerializer.Serialize(spec.CacheFrom.ToArray())],
        ExtraHosts = spec.ExtraHosts.IsEmpty ? null : [.. spec.ExtraHosts],
        NetworkMode = spec.Network,
        Platform = spec.Platform,
        Target = spec.Target,
        NoCache = spec.NoCache,
        Pull = spec.PullParent ? "1" : null,
        Squash = spec.Squash ? true : null,
        Remove = !spec.KeepIntermediates,
        ForceRemove = !spec.KeepIntermediates,
        CPUPeriod = spec.CpuPeriod,
        CPUQuota = spec.CpuQuota,
        CPUShares = spec.CpuShares,
        CPUSetCPUs = spec.CpuSetCpus,
        Memory = spec.Memory,
        MemorySwap = spec.MemorySwap,
        ShmSize = spec.ShmSize,
    };
}
