using Docker.DotNet;
using Docker.DotNet.Models;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>What of a stack there really is on a lab's daemon: everything with its stamp, whatever its state says.</summary>
internal sealed class StampedObjects(DockerLab lab, string stack) : IDisposable
{
    private readonly DockerClient _client = lab.Client();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Dictionary<string, IDictionary<string, bool>> OfStack => new()
    {
        ["label"] = new Dictionary<string, bool> { [$"provision.stack={stack}"] = true, [$"provision.project={TestWorkspace.Project}"] = true },
    };

    /// <summary>All of them, such as <c>container up-web</c>, sorted.</summary>
    /// <param name="layers">Also the images that a build left below its image; they go with it.</param>
    public async Task<string[]> AllAsync(bool layers = false)
    {
        var containers = await _client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = OfStack }, Token);
        var networks = await _client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = OfStack }, Token);
        var volumes = await _client.Volumes.ListAsync(new VolumesListParameters { Filters = OfStack }, Token);
        var images = await _client.Images.ListImagesAsync(new ImagesListParameters { All = layers, Filters = OfStack }, Token);
        return
        [
            .. containers.Select(container => $"container {container.Names[0].TrimStart('/')}")
                .Concat(networks.Select(network => $"network {network.Name}"))
                .Concat((volumes.Volumes ?? []).Select(volume => $"volume {volume.Name}"))
                .Concat(images.Select(image => $"image {string.Join(',', image.RepoTags ?? [])}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The stack's container of that name.</summary>
    public Task<ContainerInspectResponse> ContainerAsync(string name) => _client.Containers.InspectContainerAsync($"{stack}-{name}", Token);

    public async Task<string> IdAsync(string name) => (await ContainerAsync(name)).ID;

    /// <summary>Waits until the daemon runs the container.</summary>
    public Task RunsAsync(string name) => LabNamespaces.UntilAsync(
        async () =>
        {
            try
            {
                return (await ContainerAsync(name)).State?.Running == true;
            }
            catch (DockerContainerNotFoundException)
            {
                return false;
            }
        },
        TimeSpan.FromSeconds(60),
        () => $"{stack}-{name} does not run");

    public Task RemoveAsync(string name) =>
        _client.Containers.RemoveContainerAsync($"{stack}-{name}", new ContainerRemoveParameters { Force = true }, Token);

    public Task ChangeAsync(string name, ContainerUpdateParameters change) => _client.Containers.UpdateContainerAsync($"{stack}-{name}", change, Token);

    public void Dispose() => _client.Dispose();
}
