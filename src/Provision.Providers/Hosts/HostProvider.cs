using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts.Images;

namespace Provision.Providers.Hosts;

/// <summary>The provider of package <c>host</c> for one host: hands each call to the kind it is about.</summary>
internal sealed class HostProvider : IResourceProvider
{
    private readonly HostSession _host;
    private readonly PackageResource _packages;
    private readonly ServiceResource _services;
    private readonly RootFileSystemResource _roots;
    private readonly BootKernelResource _kernels;
    private readonly DiskImageResource _images;

    public HostProvider(HostSession host)
    {
        _host = host;
        _packages = new PackageResource(host);
        _services = new ServiceResource(host);
        _roots = new RootFileSystemResource(host);
        _kernels = new BootKernelResource(host, _packages.Apt);
        _images = new DiskImageResource(host);
    }

    public CheckResponse Check(CheckRequest request) => Kind(request.Urn.Type) is { } kind
        ? kind.Check(request)
        : new CheckResponse(request.NewInputs, [new CheckFailure(PropertyPath.Root, $"package host has no type {request.Urn.Type}")]);

    public DiffResponse Diff(DiffRequest request) => Demand(request.Urn).Diff(request);

    /// <summary>What others use of a host's resources are files and folders.</summary>
    public string StandIn(ResourceType type, PropertyPath output, string name) => $"/{name}";

    public WorkSlot SlotOf(ResourceType type, string operation)
    {
        var (name, limit) = operation != "read" && Kind(type) is { } kind ? kind.Cost : ("look", 8);
        return new WorkSlot(_host.Transport.Address, name, limit);
    }

    public Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken) =>
        GuardAsync(() => Demand(request.Urn).CreateAsync(request, cancellationToken), Remainder.Unknown.Value);

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var responses = new ReadResponse[requests.Count];
        foreach (var group in requests.Select((request, index) => (request, index)).GroupBy(pair => Demand(pair.request.Urn)))
        {
            var asked = group.ToImmutableArray();
            var answers = await GuardAsync(
                () => group.Key.ReadAsync([.. asked.Select(pair => pair.request)], cancellationToken), Remainder.Untouched.Value);
            foreach (var (pair, answer) in asked.Zip(answers))
            {
                responses[pair.index] = answer;
            }
        }

        return responses;
    }

    public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) =>
        GuardAsync(() => Demand(request.Urn).FindAsync(request, cancellationToken), Remainder.Untouched.Value);

    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) =>
        GuardAsync(() => Demand(request.Urn).UpdateAsync(request, cancellationToken), Remainder.Unknown.Value);

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            await Demand(request.Urn).DeleteAsync(request, cancellationToken);
            return true;
        },
        Remainder.Unknown.Value);

    public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) => throw new ProviderException(
        ProviderFailure.Refused, $"Package host has no function {request.Token}.", null, Remainder.Untouched.Value);

    public async ValueTask DisposeAsync()
    {
        _packages.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>The kind's own view, for the preflight.</summary>
    internal IHostResource? Kind(ResourceType type) =>
        type == HostTypes.Package ? _packages
        : type == HostTypes.Service ? _services
        : type == HostTypes.RootFileSystem ? _roots
        : type == HostTypes.BootKernel ? _kernels
        : type == HostTypes.DiskImage ? _images
        : null;

    private IHostResource Demand(Urn urn) => Kind(urn.Type) ?? throw new ProviderException(
        ProviderFailure.Refused, $"Package host has no type {urn.Type}.", null, Remainder.Untouched.Value);

    /// <summary>What the transport throws becomes a provider's failure; <paramref name="left"/> is all that is known then.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> action, Remainder left)
    {
        try
        {
            return await action();
        }
        catch (TimeoutException exception)
        {
            throw new ProviderException(ProviderFailure.Timeout, exception.Message, "See what it waits for, or raise the resource's timeout.", left, exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ProviderException(
                ProviderFailure.Unauthorized, exception.Message, "Run as root, or allow yourself sudo without a password.", left, exception);
        }
        catch (IOException exception)
        {
            throw new ProviderException(ProviderFailure.Refused, exception.Message, "Check the host's disk space and the rights on that path.", left, exception);
        }
    }
}
