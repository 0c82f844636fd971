using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary><c>docker:index/image:Image</c>: builds from a folder, and pushes where the name says a registry. Its id is its name.</summary>
internal sealed class ImageResource(LocalMachine machine, RegistryCredentials credentials) : IDockerResource
{
    /// <summary>The inputs an image was made of, kept among its outputs, as a secret.</summary>
    public const string InputsKey = "__inputs";

    private readonly ImageBuilder _builder = new(machine, credentials);
    private readonly ImageTransfer _transfer = new(credentials);

    public string Type => "docker:index/image:Image";

    public DockerCost CostOf(string operation) => operation is "create" or "update" ? DockerCost.Build : DockerCost.ApiCall;

    public CheckResponse Check(CheckRequest request) => ImageCheck.Run(request.NewInputs, machine);

    public DiffResponse Diff(DiffRequest request) => ImageDiff.Compare(request);

    public async Task<CreateResponse> CreateAsync(DockerConnection docker, CreateRequest request, CancellationToken cancellationToken) =>
        new(ImageInputs.NameOf(request.Inputs), await BuildAsync(docker, request.Inputs, request.Progress, cancellationToken));

    /// <summary>One list answers all. An image is there while the daemon has it under its name.</summary>
    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(DockerConnection docker, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var images = await EngineImages.ListAsync(docker, cancellationToken);
        return [.. requests.Select(request => Read(images, request))];
    }

    /// <summary>Found under its name and with our stamp; that it was made of today's files is not known, so that it is built again, from the cache.</summary>
    public async Task<FindResponse?> FindAsync(DockerConnection docker, FindRequest request, CancellationToken cancellationToken)
    {
        var name = ImageInputs.NameOf(request.Inputs);
        return ImageReference.TryParse(name, out _, out _)
            && await EngineImages.InspectAsync(docker, name, cancellationToken) is { } image && IsStamped(image.Config?.Labels, request.Urn)
            ? new FindResponse(name, Outputs(request.Inputs, image, image.ID).With(InputsKey, new PropertyValue.Secret(PropertyMap.Empty)), Complete: true)
            : null;
    }

    public async Task<UpdateResponse> UpdateAsync(DockerConnection docker, UpdateRequest request, CancellationToken cancellationToken)
    {
        var outputs = await BuildAsync(docker, request.NewInputs, request.Progress, cancellationToken);
        var before = NameIn(request.OldOutputs) ?? request.Id;
        if (before != NameIn(outputs))
        {
            await RemoveNamedAsync(docker, before, request.OldOutputs, request.Urn, request.Progress, cancellationToken);
        }

        await RemoveUntaggedAsync(docker, request.Urn, request.Progress, cancellationToken);
        return new UpdateResponse(outputs);
    }

    /// <summary>Upstream leaves images behind. Here destroying leaves nothing of ours but what a container still uses.</summary>
    public async Task DeleteAsync(DockerConnection docker, DeleteRequest request, CancellationToken cancellationToken)
    {
        await RemoveNamedAsync(docker, NameIn(request.Outputs) ?? request.Id, request.Outputs, request.Urn, request.Progress, cancellationToken);
        await RemoveUntaggedAsync(docker, request.Urn, request.Progress, cancellationToken);
    }

    /// <summary>Takes the name from our image, where it still stands for it: somebody may have given it to another.</summary>
    private static async Task RemoveNamedAsync(
        DockerConnection docker, string name, PropertyMap outputs, Urn urn, IStepProgress progress, CancellationToken cancellationToken)
    {
        if (await EngineImages.InspectAsync(docker, name, cancellationToken) is { } image && (IsRecorded(image, outputs) || IsStamped(image.Config?.Labels, urn)))
        {
            await EngineImages.RemoveAsync(docker, name, image.ID, force: false, progress, cancellationToken);
        }
    }

    /// <summary>Removes what earlier builds of this resource left without a name.</summary>
    private static async Task RemoveUntaggedAsync(DockerConnection docker, Urn urn, IStepProgress progress, CancellationToken cancellationToken)
    {
        foreach (var image in await EngineImages.ListStampedAsync(docker, urn.ToString(), cancellationToken))
        {
            if (!(image.RepoTags ?? []).Any(tag => ImageReference.TryParse(tag, out _, out _)))
            {
                await EngineImages.RemoveAsync(docker, image.ID, image.ID, force: false, progress, cancellationToken);
            }
        }
    }

    private static bool IsRecorded(ImageInspectResponse image, PropertyMap outputs) =>
        Values.Plain(outputs.Find("repoDigest")) is PropertyValue.String digest && (digest.Value == image.ID || (image.RepoDigests ?? []).Contains(digest.Value));

    /// <summary>An image keeps its id through a change of its name, so that the name is asked of the outputs.</summary>
    private static string? NameIn(PropertyMap outputs) => new InputReader(outputs).Text("imageName");

    private static bool IsStamped(IDictionary<string, string>? labels, Urn urn) => labels is not null && labels.TryGetValue(Stamp.Urn, out var theirs) && theirs == urn.ToString();

    private static ReadResponse Read(IReadOnlyList<ImagesListResponse> images, ReadRequest request)
    {
        if (!ImageReference.TryParse(NameIn(request.Outputs) ?? request.Id, out var reference, out _) || images.FirstOrDefault(image => EngineImages.HasName(image, reference)) is not { } named)
        {
            return ReadResponse.Gone.Value;
        }

        if (Values.Plain(request.Outputs.Find("repoDigest")) is not PropertyValue.String digest)
        {
            // An import: all that can be told is the name.
            var inputs = request.Inputs.Count > 0 ? request.Inputs : PropertyMap.Of(("imageName", request.Id), ("skipPush", true));
            return new ReadResponse.Found(request.Id, PropertyMap.Of(("imageName", request.Id), ("repoDigest", named.ID)), inputs);
        }

        return digest.Value == named.ID || (named.RepoDigests ?? []).Contains(digest.Value)
            ? new ReadResponse.Found(request.Id, request.Outputs)
            : ReadResponse.Gone.Value;
    }

    private async Task<PropertyMap> BuildAsync(DockerConnection docker, PropertyMap inputs, IStepProgress progress, CancellationToken cancellationToken)
    {
        var image = await _builder.BuildAsync(docker, ImageInputs.SpecOf(inputs, machine), progress, cancellationToken);
        return Outputs(inputs, image, ImageInputs.Pushes(inputs) ? await PushAsync(docker, inputs, image, progress, cancellationToken) : image.ID);
    }

    private async Task<string> PushAsync(DockerConnection docker, PropertyMap inputs, ImageInspectResponse image, IStepProgress progress, CancellationToken cancellationToken)
    {
        var name = ImageInputs.NameOf(inputs);
        var reference = ImageReference.Parse(name);
        try
        {
            var given = ImageInputs.CredentialOf(inputs) is { } pair && pair.Host == reference.Registry ? pair.Credential : null;
            if (await _transfer.PushAsync(docker, reference, given, progress, cancellationToken) is { } digest)
            {
                return $"{reference.FamiliarRepository}@{digest}";
            }

            var pushed = await EngineImages.InspectAsync(docker, name, cancellationToken);
            return EngineImages.RepoDigestOf(pushed?.RepoDigests, reference) ?? image.ID;
        }
        catch (ProviderException failure)
        {
            // The image is there, and ours: the next run has only to push it.
            throw failure.Leaving(new Remainder.Partial(name, Outputs(inputs, image, image.ID), [failure.Message]));
        }
    }

    private static PropertyMap Outputs(PropertyMap inputs, ImageInspectResponse image, string repoDigest) => PropertyMap.Of(
        (InputsKey, new PropertyValue.Secret(ImageInputs.Remembered(inputs))),
        ("baseImageName", ImageInputs.NameOf(inputs)),
        ("context", ImageInputs.ContextOf(inputs)),
        ("dockerfile", ImageInputs.DockerfileOf(inputs)),
        ("id", ImageInputs.NameOf(inputs)),
        ("imageName", ImageInputs.NameOf(inputs)),
        ("platform", $"{image.Os}/{image.Architecture}"),
        ("registryServer", ImageInputs.RegistryServerOf(inputs)),
        ("repoDigest", repoDigest));
}
