using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.FirstBoot;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// What disks of first boot data have in common. Their content is in the inputs and told by the id, so that they are never read back. Another content is
/// another disk of the same name.
/// </summary>
internal abstract class SeedResource(InputTable table) : ILibvirtResource
{
    private const string DefaultPool = "default";

    private static readonly string[] Contents = ["userData", "metaData", "networkConfig", "content"];

    public abstract string Type { get; }

    protected InputTable Table { get; } = table;

    public LibvirtCost CostOf(string operation) => operation == "create" ? LibvirtCost.Upload : LibvirtCost.ApiCall;

    public CheckResponse Check(LibvirtEndpoint endpoint, CheckRequest request)
    {
        var failures = new List<CheckFailure>();
        var inputs = Resolve(request.Urn, PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn), failures);
        if (failures.Count == 0)
        {
            failures.AddRange(InputChecks.Check(Table, inputs));
        }

        if (failures.Count == 0)
        {
            // What was made of first boot's data is well-formed; what a person wrote may not be.
            CheckContent(request.NewInputs, failures);
        }

        if (endpoint.Driver.Lacks(LibvirtFeature.VolumeUpload, PropertyPath.Root, "way to put files into a pool", "Put the disk there by hand, and name its path.") is { } lack)
        {
            failures.Add(lack);
        }

        return new CheckResponse(inputs, [.. failures]);
    }

    /// <summary>Two volumes of one pool can hold no name together, so the old one goes first.</summary>
    public DiffResponse Diff(DiffRequest request)
    {
        var changes = InputDiff.Compare(Table, request);
        return new DiffResponse
        {
            Changes = changes,
            DeleteBeforeReplace = true,
            Stables = ["name", "pool"],
            Reason = changes.Any(change => Contents.Contains(change.Path.Top)) ? "new first boot data" : null,
        };
    }

    public async Task<CreateResponse> CreateAsync(LibvirtConnection libvirt, CreateRequest request, CancellationToken cancellationToken)
    {
        var content = await ContentAsync(request.Inputs, cancellationToken);
        var key = await SeedVolume.PutAsync(
            libvirt, LibvirtStamp.Of(request.Inputs, request.Urn), PoolOf(request.Inputs), NameOf(request.Urn, request.Inputs), content, request.Progress, cancellationToken);
        return Made(request.Urn, request.Inputs, key);
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(LibvirtConnection libvirt, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var present = await SeedVolume.PresentAsync(libvirt, [.. requests.Select(request => SeedId.PathOf(request.Id)).Distinct()], cancellationToken);
        return
        [
            .. requests.Select(request => present.Contains(SeedId.PathOf(request.Id)) ? new ReadResponse.Found(request.Id, request.Outputs) : (ReadResponse)ReadResponse.Gone.Value),
        ];
    }

    /// <summary>Whether all of it was written nobody can tell, so it counts as cut short.</summary>
    public async Task<FindResponse?> FindAsync(LibvirtConnection libvirt, FindRequest request, CancellationToken cancellationToken)
    {
        var pool = PoolOf(request.Inputs);
        var name = NameOf(request.Urn, request.Inputs);
        if (!await SeedVolume.ExistsAsync(libvirt, LibvirtStamp.Of(request.Inputs, request.Urn), pool, name, cancellationToken))
        {
            return null;
        }

        var made = Made(request.Urn, request.Inputs, await SeedVolume.KeyAsync(libvirt, pool, name, cancellationToken));
        return made.Id == request.KnownId ? null : new FindResponse(made.Id, made.Outputs, Complete: false);
    }

    /// <summary>Every input is another disk, so an update only records.</summary>
    public Task<UpdateResponse> UpdateAsync(LibvirtConnection libvirt, UpdateRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new UpdateResponse(OutputShape.Compose(Table, request.NewInputs, PropertyMap.Empty).Merge(PropertyMap.Of(("id", request.Id)))));

    public Task DeleteAsync(LibvirtConnection libvirt, DeleteRequest request, CancellationToken cancellationToken) =>
        SeedVolume.DeleteAsync(libvirt, SeedId.PathOf(request.Id), cancellationToken);

    /// <summary>Pulumi's inputs in the place of our own.</summary>
    protected abstract PropertyMap Resolve(Urn urn, PropertyMap inputs, List<CheckFailure> failures);

    /// <param name="written">The inputs as they were given.</param>
    protected abstract void CheckContent(PropertyMap written, List<CheckFailure> failures);

    protected abstract Task<byte[]> ContentAsync(PropertyMap inputs, CancellationToken cancellationToken);

    private CreateResponse Made(Urn urn, PropertyMap inputs, string key)
    {
        var program = new InputReader(inputs);
        var isSecret = Contents.Any(name => Values.HasSecret(inputs.Find(name)));
        var id = new SeedId(key, ContentDigest.Of(urn, isSecret, program.Text("userData"), program.Text("metaData"), program.Text("networkConfig"), program.Text("content"))).ToString();
        return new CreateResponse(id, OutputShape.Compose(Table, inputs, PropertyMap.Empty).Merge(PropertyMap.Of(("id", id))));
    }

    private static string PoolOf(PropertyMap inputs) => new InputReader(inputs).Text("pool") ?? DefaultPool;

    private static string NameOf(Urn urn, PropertyMap inputs) => new InputReader(inputs).Text("name") ?? PhysicalName.Of(urn);
}
