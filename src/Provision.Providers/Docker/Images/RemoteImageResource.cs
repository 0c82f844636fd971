using System.Collections.Concurrent;
using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary><c>docker:index/remoteImage:RemoteImage</c>: an image the daemon is to have. Its id is the image's id with the name behind it.</summary>
internal sealed class RemoteImageResource(LocalMachine machine, RegistryCredentials credentials) : IDockerResource
{
    private const int LengthOfImageId = 71;

    private readonly ImageBuilder _builder = new(machine, credentials);
    private readonly ImageTransfer _transfer = new(credentials);

    // A replacement is created before the old one is deleted, and both can be one image: then the deletion must not take it away.
    private readonly ConcurrentDictionary<Urn, string> _created = new();

    public string Type => "docker:index/remoteImage:RemoteImage";

    public DockerCost CostOf(string operation) => operation == "create" ? DockerCost.Pull : DockerCost.ApiCall;

    public CheckResponse Check(CheckRequest request) => RemoteImageCheck.Run(request.NewInputs, machine);

    public DiffResponse Diff(DiffRequest request)
    {
        var changes = InputDiff.Compare(RemoteImageTable.Table, request with
        {
            OldInputs = RemoteImageInputs.Compared(request.OldInputs),
            OldOutputs = RemoteImageInputs.Compared(request.OldOutputs),
            NewInputs = RemoteImageInputs.Compared(request.NewInputs),
        });
        return changes.IsEmpty ? DiffResponse.Same : new DiffResponse { Changes = changes, Stables = ["id", "imageId", "name", "repoDigest"] };
    }

    public async Task<CreateResponse> CreateAsync(DockerConnection docker, CreateRequest request, CancellationToken cancellationToken)
    {
        var image = RemoteImageInputs.BuildOf(request.Inputs) is { } build
            ? await _builder.BuildAsync(docker, RemoteImageInputs.SpecOf(request.Inputs, build, machine), request.Progress, cancellationToken)
            : await BringAsync(docker, request, cancellationToken);
        var id = IdOf(image.ID, request.Inputs);
        _created[request.Urn] = id;
        return new CreateResponse(id, Outputs(request.Inputs, image.ID, image.RepoDigests));
    }

    /// <summary>One list answers all. A name that stands for another image by now is told with that image's id.</summary>
    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(DockerConnection docker, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var images = await EngineImages.ListAsync(docker, cancellationToken);
        return [.. requests.Select(request => Read(images, request))];
    }

    /// <summary>Bringing an image again costs little and leaves nothing behind, so that nothing is looked for.</summary>
    public Task<FindResponse?> FindAsync(DockerConnection docker, FindRequest request, CancellationToken cancellationToken) => Task.FromResult<FindResponse?>(null);

    /// <summary>What can change without a new image only steers its removal.</summary>
    public Task<UpdateResponse> UpdateAsync(DockerConnection docker, UpdateRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new UpdateResponse(request.OldOutputs.Merge(OutputShape.Compose(RemoteImageTable.Table, request.NewInputs, PropertyMap.Empty))));

    public async Task DeleteAsync(DockerConnection docker, DeleteRequest request, CancellationToken cancellationToken)
    {
        var settings = new InputReader(request.Inputs.Count > 0 ? request.Inputs : request.Outputs);
        var (imageId, name) = Split(request);
        if (settings.Flag("keepLocally") is true)
        {
            request.Progress.Report($"image '{name}' is kept: keepLocally is set");
            return;
        }

        if (_created.TryGetValue(request.Urn, out var created) && created == request.Id)
        {
            request.Progress.Report($"image '{name}' is kept: what replaced it is the same image");
            return;
        }

        // The name may stand for another image by now, which is not the one we brought.
        var named = await EngineImages.InspectAsync(docker, name, cancellationToken);
        if (named is not null && named.ID == imageId)
        {
            await EngineImages.RemoveAsync(docker, name, imageId, settings.Flag("forceRemove") is true, request.Progress, cancellationToken);
        }
        else if (await EngineImages.InspectAsync(docker, imageId, cancellationToken) is { } old && IsNameless(old))
        {
            await EngineImages.RemoveAsync(docker, imageId, imageId, settings.Flag("forceRemove") is true, request.Progress, cancellationToken);
        }
    }

    /// <summary>
    /// Asks the registry even where the daemon has an image of that name, for a tag may have moved. Where the registry has nothing to say,
    /// the daemon's image will do.
    /// </summary>
    private async Task<ImageInspectResponse> BringAsync(DockerConnection docker, CreateRequest request, CancellationToken cancellationToken)
    {
        var inputs = new InputReader(request.Inputs);
        var name = RemoteImageInputs.NameOf(request.Inputs);
        var reference = ImageReference.Parse(name);
        var there = await EngineImages.InspectAsync(docker, reference.Familiar, cancellationToken);
        if (there is not null && reference.Digest is not null)
        {
            // A digest never moves.
            return there;
        }

        try
        {
            await _transfer.PullAsync(docker, reference, inputs.Text("platform"), request.Progress, cancellationToken);
        }
        catch (ProviderException failure) when (there is not null && failure.Failure != ProviderFailure.Unauthorized && failure.Remainder is Remainder.Untouched)
        {
            request.Progress.Report($"using the image '{reference.Familiar}' that is there already. {failure.Message}");
            return there;
        }

        return await EngineImages.InspectAsync(docker, reference.Familiar, cancellationToken)
            ?? throw new ProviderException(
                ProviderFailure.Refused, $"Image '{reference.Familiar}' was pulled, but the Docker daemon at {docker.Endpoint.Name} does not have it.",
                "See that nobody removes images on that host meanwhile, and try again.", Remainder.Untouched.Value);
    }

    private static ReadResponse Read(IReadOnlyList<ImagesListResponse> images, ReadRequest request)
    {
        var name = NameIn(request.Outputs) ?? NameIn(request.Inputs) ?? (request.Id.Length > LengthOfImageId ? request.Id[LengthOfImageId..] : request.Id);
        if (!ImageReference.TryParse(name, out var reference, out _) || images.FirstOrDefault(image => EngineImages.HasName(image, reference)) is not { } image)
        {
            return ReadResponse.Gone.Value;
        }

        var imported = request.Inputs.Count == 0;
        var inputs = imported ? PropertyMap.Of(("name", name)) : request.Inputs;
        return new ReadResponse.Found(IdOf(image.ID, inputs), Outputs(inputs, image.ID, image.RepoDigests), imported ? inputs : null);
    }

    private static string? NameIn(PropertyMap map) => new InputReader(map).Text("name");

    private static string IdOf(string imageId, PropertyMap inputs) => imageId + RemoteImageInputs.NameOf(inputs);

    private static (string ImageId, string Name) Split(DeleteRequest request) =>
        request.Id.Length > LengthOfImageId && ImageReference.IsImageId(request.Id[..LengthOfImageId])
            ? (request.Id[..LengthOfImageId], request.Id[LengthOfImageId..])
            : (new InputReader(request.Outputs).Text("imageId") ?? request.Id, NameIn(request.Outputs) ?? request.Id);

    private static bool IsNameless(ImageInspectResponse image) => !(image.RepoTags ?? []).Any(tag => ImageReference.TryParse(tag, out _, out _));

    private static PropertyMap Outputs(PropertyMap inputs, string imageId, IList<string>? digests) =>
        OutputShape.Compose(RemoteImageTable.Table, inputs, PropertyMap.Empty).Merge(PropertyMap.Of(
            (DockerMeta.Key, DockerMeta.Of(schemaVersion: 0, timeouts: true)),
            ("id", IdOf(imageId, inputs)),
            ("imageId", imageId),
            ("repoDigest", EngineImages.RepoDigestOf(digests, ImageReference.Parse(RemoteImageInputs.NameOf(inputs))) ?? "")));
}
