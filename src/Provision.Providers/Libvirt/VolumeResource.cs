using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary><c>libvirt:index/volume:Volume</c>. Its id is its key, which is its path. It grows in place; everything else makes another.</summary>
internal sealed class VolumeResource(TimeProvider clock) : ILibvirtResource
{
    private readonly StorageUsesCache _uses = new(clock);

    public string Type => "libvirt:index/volume:Volume";

    /// <summary>A create may be an upload; the class goes by the operation alone.</summary>
    public LibvirtCost CostOf(string operation) => operation == "create" ? LibvirtCost.Copy : LibvirtCost.ApiCall;

    public CheckResponse Check(LibvirtEndpoint endpoint, CheckRequest request)
    {
        var inputs = PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn);
        return new CheckResponse(inputs, [.. VolumeChecks.Check(inputs, endpoint.Driver)]) { Sizes = StorageTables.Volume.Sizes };
    }

    public DiffResponse Diff(DiffRequest request)
    {
        ImmutableArray<PropertyDiff> changes =
        [
            .. ReplaceWith.Compare(request),
            .. InputDiff.Compare(StorageTables.Volume, request).Where(change => !IsKept(change)).Select(change => IsShrinking(change) ? change with { Apply = ApplyClass.Replace } : change),
        ];
        var replaces = changes.Any(change => change.Apply == ApplyClass.Replace);
        return new DiffResponse
        {
            Changes = changes,

            // Another name or pool is another place, where both can be at once.
            DeleteBeforeReplace = !changes.Any(change => change.Path.Top is "name" or "pool"),
            Stables = ["id", "name", "pool", "format"],
            Remark = replaces ? "its data is lost" : null,
        };
    }

    public async Task<CreateResponse> CreateAsync(LibvirtConnection libvirt, CreateRequest request, CancellationToken cancellationToken)
    {
        var name = NameOf(request.Inputs, request.Urn);
        using var source = new InputReader(request.Inputs).Text("source") is { } from ? await VolumeSource.OpenAsync(from, clock, cancellationToken) : null;
        var making = new VolumeMaking(name, LibvirtStamp.Of(request.Inputs, request.Urn), request, libvirt.Endpoint, source, cancellationToken);
        try
        {
            var seen = await libvirt.ChangeAsync($"create the volume '{name}'", making.Make, cancellationToken);
            return new CreateResponse(seen.Key, Outputs(seen, request.Inputs));
        }
        catch (ProviderException failure)
        {
            throw making.IsLeft ? failure.WithHint().Leaving(Remainder.Unknown.Value) : failure.WithHint();
        }
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(LibvirtConnection libvirt, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var seen = await libvirt.AskAsync("look at the volumes", connect => VolumeReading.Look(connect, requests), cancellationToken);
        return
        [
            .. requests.Select(request => seen.Of(request) is { } volume ? Found(volume, request)
                : seen.MayStillBe(request, libvirt.Endpoint) ? new ReadResponse.Found(request.Id, request.Outputs)
                : (ReadResponse)ReadResponse.Gone.Value),
        ];
    }

    public async Task<FindResponse?> FindAsync(LibvirtConnection libvirt, FindRequest request, CancellationToken cancellationToken)
    {
        var name = NameOf(request.Inputs, request.Urn);
        var poolName = new InputReader(request.Inputs).Text("pool") ?? "default";
        var stamp = LibvirtStamp.Of(request.Inputs, request.Urn);
        var (seen, complete) = await libvirt.AskAsync<(SeenVolume?, bool)>(
            $"look for the volume '{name}'",
            connect =>
            {
                using var pool = connect.FindPoolByName(poolName);
                if (pool is null || !pool.IsActive() || !stamp.IsOfSameStack(pool.Uuid()))
                {
                    return (null, false);
                }

                using var volume = pool.FindVolume(name);
                using var mark = pool.FindVolume(VolumeMaking.MarkOf(name));
                var found = volume is null ? null : SeenVolume.Look(volume, poolName);
                return (found is null ? null : found with { IsOnAnotherBase = VolumeFoundation.IsAnother(connect, found, request.Inputs) }, mark is null);
            },
            cancellationToken);
        return seen is null || seen.Key == request.KnownId ? null : new FindResponse(seen.Key, Outputs(seen, request.Inputs), complete);
    }

    public async Task<UpdateResponse> UpdateAsync(LibvirtConnection libvirt, UpdateRequest request, CancellationToken cancellationToken)
    {
        var name = NameOf(request.NewInputs, request.Urn);
        try
        {
            var seen = await libvirt.ChangeAsync(
                $"grow the volume '{name}'",
                connect => VolumeGrowth.Grow(connect, request.Id, new InputReader(request.NewInputs).Integer("size"), libvirt.Driver),
                cancellationToken);
            return new UpdateResponse(Outputs(seen, request.NewInputs));
        }
        catch (ProviderException failure)
        {
            throw failure.WithHint();
        }
    }

    public async Task DeleteAsync(LibvirtConnection libvirt, DeleteRequest request, CancellationToken cancellationToken)
    {
        var name = NameOf(request.Inputs, request.Urn);
        var pool = new InputReader(request.Outputs).Text("pool") ?? new InputReader(request.Inputs).Text("pool") ?? "default";
        if (await _uses.UserOfAsync(libvirt, request.Id, pool, name, cancellationToken) is { } user)
        {
            throw new ProviderException(
                ProviderFailure.Conflict, $"Cannot delete the volume '{name}': it is {user}.", "Remove what stands on it first, or let this stack do so by declaring it here.",
                Remainder.Untouched.Value);
        }

        await libvirt.ChangeAsync($"delete the volume '{name}'", connect => VolumeRemoval.Remove(connect, request.Id, pool, name), cancellationToken);
    }

    /// <summary>A volume that is no longer told its size or format keeps what it has.</summary>
    private static bool IsKept(PropertyDiff change) => change is { Kind: DiffKind.Delete, Path.Top: "size" or "format" };

    private static bool IsShrinking(PropertyDiff change) =>
        change.Path.Top == "size" && Values.Plain(change.Old) is PropertyValue.Number before && Values.Plain(change.New) is PropertyValue.Number now && now.Value < before.Value;

    private static ReadResponse.Found Found(SeenVolume volume, ReadRequest request)
    {
        if (request.Inputs.Count > 0)
        {
            return new ReadResponse.Found(volume.Key, Outputs(volume, request.Inputs));
        }

        var seen = VolumeXml.Seen(volume.Xml, volume.Pool);
        var inputs = PropertyMap.Of(
            ("name", seen.Find("name")), ("pool", volume.Pool), ("format", seen.Find("format")), ("size", seen.Find("size")),
            ("baseVolumeId", VolumeXml.BaseIn(volume.Xml) is { } below ? (PropertyValue)below : null));
        return new ReadResponse.Found(volume.Key, Outputs(volume, inputs), inputs);
    }

    private static PropertyMap Outputs(SeenVolume volume, PropertyMap inputs)
    {
        var outputs = OutputShape.Compose(StorageTables.Volume, inputs, VolumeXml.Seen(volume.Xml, volume.Pool)).Merge(PropertyMap.Of(("id", volume.Key)));
        return volume.IsOnAnotherBase ? VolumeFoundation.In(outputs, volume) : outputs;
    }

    private static string NameOf(PropertyMap inputs, Urn urn) => new InputReader(inputs).Text("name") ?? PhysicalName.Of(urn);
}
