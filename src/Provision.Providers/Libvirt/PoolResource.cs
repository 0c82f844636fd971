using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary><c>libvirt:index/pool:Pool</c>. Its id is its UUID, which tells that it is ours: libvirt keeps no metadata of pools.</summary>
internal sealed class PoolResource : ILibvirtResource
{
    private static readonly string[] Reported = ["allocation", "available", "capacity"];

    public string Type => "libvirt:index/pool:Pool";

    public LibvirtCost CostOf(string operation) => LibvirtCost.ApiCall;

    public CheckResponse Check(LibvirtEndpoint endpoint, CheckRequest request)
    {
        var inputs = PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn);
        var failures = InputChecks.Check(StorageTables.Pool, inputs);
        if (endpoint.Driver.Lacks(LibvirtFeature.Pools, PropertyPath.Root, "pools that can be made", "Use a disk that is there already.") is { } lack)
        {
            failures.Add(lack);
        }

        CheckPath(new InputReader(inputs), failures);
        foreach (var reported in Reported.Where(name => new InputReader(inputs).Has(name)))
        {
            failures.Add(new CheckFailure(PropertyPath.Of(reported), "is what the pool reports, and cannot be asked for", "Leave it out."));
        }

        StyleSheetCheck.Check(inputs, failures);
        return new CheckResponse(inputs, [.. failures]) { Sizes = StorageTables.Pool.Sizes };
    }

    /// <summary>Two pools can hold neither one name nor one folder, so the old one always goes first.</summary>
    public DiffResponse Diff(DiffRequest request) => new()
    {
        Changes = [.. InputDiff.Compare(StorageTables.Pool, request).Where(change => !IsOtherSpelling(change, request)), .. LibvirtMeta.Changes(request.OldOutputs)],
        DeleteBeforeReplace = true,
        Stables = ["id", "name", "path", "target"],
        Reason = LibvirtMeta.Reason(request.OldOutputs),
    };

    public async Task<CreateResponse> CreateAsync(LibvirtConnection libvirt, CreateRequest request, CancellationToken cancellationToken)
    {
        var name = NameOf(request.Inputs, request.Urn);
        var uuid = LibvirtStamp.Of(request.Inputs, request.Urn).UuidText();
        var making = new PoolMaking(name, uuid, request.Inputs, libvirt.Endpoint);
        try
        {
            var seen = await libvirt.ChangeAsync($"create the pool '{name}'", making.Make, cancellationToken);
            return new CreateResponse(uuid, Outputs(seen, request.Inputs));
        }
        catch (ProviderException failure)
        {
            throw making.IsLeft ? failure.WithHint().Leaving(Remainder.Unknown.Value) : failure.WithHint();
        }
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(LibvirtConnection libvirt, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var asked = requests.Select(request => request.Id).ToHashSet(StringComparer.Ordinal);
        var seen = await libvirt.AskAsync(
            "look at the pools",
            connect =>
            {
                using var pools = connect.ListPools();
                return pools.Select(pool => (Pool: pool, Uuid: pool.Uuid())).Where(one => asked.Contains(one.Uuid)).ToDictionary(one => one.Uuid, one => SeenPool.Look(one.Pool));
            },
            cancellationToken);
        return [.. requests.Select(request => seen.TryGetValue(request.Id, out var pool) ? Found(pool, request) : (ReadResponse)ReadResponse.Gone.Value)];
    }

    public async Task<FindResponse?> FindAsync(LibvirtConnection libvirt, FindRequest request, CancellationToken cancellationToken)
    {
        var uuid = LibvirtStamp.Of(request.Inputs, request.Urn).UuidText();
        var seen = uuid == request.KnownId ? null : await LookAsync(libvirt, uuid, cancellationToken);
        return seen is null ? null : new FindResponse(uuid, Outputs(seen, request.Inputs), Complete: seen.IsActive);
    }

    /// <summary>All that can be changed is that it runs.</summary>
    public async Task<UpdateResponse> UpdateAsync(LibvirtConnection libvirt, UpdateRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var seen = await libvirt.ChangeAsync(
                $"start the pool '{NameOf(request.NewInputs, request.Urn)}'",
                connect =>
                {
                    using var pool = connect.PoolByUuid(request.Id);
                    PoolMaking.Run(pool, new InputReader(request.NewInputs).Text("type"));
                    return SeenPool.Look(pool);
                },
                cancellationToken);
            return new UpdateResponse(Outputs(seen, request.NewInputs));
        }
        catch (ProviderException failure)
        {
            throw failure.WithHint();
        }
    }

    public Task DeleteAsync(LibvirtConnection libvirt, DeleteRequest request, CancellationToken cancellationToken) =>
        libvirt.ChangeAsync($"remove the pool '{NameOf(request.Inputs, request.Urn)}'", connect => PoolRemoval.Remove(connect, request.Id, request.Urn.Stack), cancellationToken);

    private static Task<SeenPool?> LookAsync(LibvirtConnection libvirt, string uuid, CancellationToken cancellationToken) =>
        libvirt.AskAsync(
            "look at the pool",
            connect =>
            {
                using var pool = connect.FindPool(uuid);
                return pool is null ? null : SeenPool.Look(pool);
            },
            cancellationToken);

    private static void CheckPath(InputReader inputs, List<CheckFailure> failures)
    {
        var target = PropertyPath.Of("target").Child("path");
        if (inputs.Has("path") && inputs.Object("target")?.Has("path") == true)
        {
            failures.Add(new CheckFailure(PropertyPath.Of("path"), "path and target.path exclude each other", "Keep target.path."));
        }
        else if (inputs.Text("type") == "dir" && !inputs.Has("path") && inputs.Object("target")?.Has("path") != true)
        {
            failures.Add(new CheckFailure(target, "is required: a pool of type dir is a folder", "Give it, such as /var/lib/libvirt/images/lab."));
        }

        if ((inputs.Object("target")?.Text("path") ?? inputs.Text("path")) == "/")
        {
            failures.Add(new CheckFailure(target, "the root folder can be no pool", "Choose a folder of its own."));
        }
    }

    /// <summary>The folder by its old name (path) and by its new one (target.path) is one folder.</summary>
    private static bool IsOtherSpelling(PropertyDiff change, DiffRequest request) =>
        change.Path.Top is "path" or "target" && !Values.HasUnknown(request.NewInputs.Find(change.Path.Top))
        && PoolXml.PathOf(request.NewInputs) is { } wanted
        && DomainCanonical.AbsolutePath(wanted) == DomainCanonical.AbsolutePath(PoolXml.PathOf(request.OldOutputs) ?? "");

    private static ReadResponse.Found Found(SeenPool pool, ReadRequest request)
    {
        if (request.Inputs.Count > 0)
        {
            // How full it is changes all the time, by itself: that is no difference to what was recorded.
            var recorded = Reported.Where(name => request.Outputs.Find(name) is not null).Select(name => (name, request.Outputs.Find(name)));
            return new ReadResponse.Found(request.Id, Outputs(pool, request.Inputs).Merge(PropertyMap.Of([.. recorded])));
        }

        // The folder under its deprecated name says nothing new, and the sizes cannot be asked for.
        var seen = PoolXml.Seen(pool.Xml);
        var inputs = OutputShape.Inputs(StorageTables.Pool, seen.Without("path")).Merge(PropertyMap.Of(("target", seen.Find("target"))));
        return new ReadResponse.Found(request.Id, Outputs(pool, inputs), inputs);
    }

    private static PropertyMap Outputs(SeenPool pool, PropertyMap inputs) =>
        OutputShape.Compose(StorageTables.Pool, inputs, PoolXml.Seen(pool.Xml)).Merge(PropertyMap.Of(
            ("id", pool.Uuid), (LibvirtMeta.Key, LibvirtMeta.Of(pool.IsActive ? LibvirtMeta.Active : LibvirtMeta.Inactive))));

    private static string NameOf(PropertyMap inputs, Urn urn) => new InputReader(inputs).Text("name") ?? PhysicalName.Of(urn);
}

/// <summary>A pool as it was seen.</summary>
internal sealed record SeenPool(string Uuid, XElement Xml, bool IsActive)
{
    /// <summary>Blocks: to be called on a worker.</summary>
    public static SeenPool Look(PoolHandle pool) => new(pool.Uuid(), XElement.Parse(pool.Xml()), pool.IsActive());
}
