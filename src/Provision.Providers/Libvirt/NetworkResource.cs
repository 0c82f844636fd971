using System.Collections.Immutable;
using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary><c>libvirt:index/network:Network</c>. Its id is its UUID.</summary>
internal sealed class NetworkResource : ILibvirtResource
{
    public string Type => "libvirt:index/network:Network";

    public LibvirtCost CostOf(string operation) => LibvirtCost.ApiCall;

    public CheckResponse Check(LibvirtEndpoint endpoint, CheckRequest request)
    {
        var inputs = PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn);
        return new CheckResponse(inputs, [.. NetworkChecks.Check(inputs, endpoint.Driver)]);
    }

    /// <summary>Two networks can hold neither one name nor one bridge nor one subnet, so the old one always goes first.</summary>
    public DiffResponse Diff(DiffRequest request)
    {
        ImmutableArray<PropertyDiff> changes =
        [
            .. InputDiff.Compare(NetworkTable.Table, request).Where(change => !IsOtherSpelling(change)), .. LibvirtMeta.Changes(request.OldOutputs),
        ];
        return new DiffResponse
        {
            Changes = changes,
            DeleteBeforeReplace = true,
            Stables = ["id", "name", "bridge"],
            Reason = LibvirtMeta.Reason(request.OldOutputs)
                ?? (changes.Any(change => change.Apply == ApplyClass.Restart) ? "machines on it are cut off until they are restarted" : null),
        };
    }

    public async Task<CreateResponse> CreateAsync(LibvirtConnection libvirt, CreateRequest request, CancellationToken cancellationToken)
    {
        var name = NameOf(request.Inputs, request.Urn);
        var making = new NetworkMaking(name, LibvirtStamp.Of(request.Inputs, request.Urn), request.Inputs);
        try
        {
            var seen = await libvirt.ChangeAsync($"create the network '{name}'", making.Make, cancellationToken);
            return new CreateResponse(seen.Uuid, Outputs(seen, request.Inputs));
        }
        catch (ProviderException failure) when (making.IsLeft)
        {
            throw failure.Leaving(Remainder.Unknown.Value);
        }
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(LibvirtConnection libvirt, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var asked = requests.Select(request => request.Id).ToHashSet(StringComparer.Ordinal);
        var seen = await libvirt.AskAsync(
            "look at the networks",
            connect =>
            {
                using var networks = connect.ListNetworks();
                return networks.Where(network => asked.Contains(network.Uuid())).LookAtEach(SeenNetwork.Look).ToDictionary(seen => seen.Uuid);
            },
            cancellationToken);
        return [.. requests.Select(request => seen.TryGetValue(request.Id, out var network) ? Found(network, request) : (ReadResponse)ReadResponse.Gone.Value)];
    }

    public async Task<FindResponse?> FindAsync(LibvirtConnection libvirt, FindRequest request, CancellationToken cancellationToken)
    {
        var stamp = LibvirtStamp.Of(request.Inputs, request.Urn);
        if (stamp.UuidText() == request.KnownId)
        {
            return null;
        }

        var seen = await libvirt.AskAsync(
            "look for the network",
            connect =>
            {
                using var network = connect.FindNetwork(stamp.UuidText());
                return network is null ? null : SeenNetwork.Look(network);
            },
            cancellationToken);
        return seen is not null && stamp.IsOn(seen.Uuid, seen.Xml)
            ? new FindResponse(seen.Uuid, Outputs(seen, request.Inputs), Complete: seen is { IsActive: true, IsPersistent: true })
            : null;
    }

    public async Task<UpdateResponse> UpdateAsync(LibvirtConnection libvirt, UpdateRequest request, CancellationToken cancellationToken)
    {
        var name = NameOf(request.NewInputs, request.Urn);
        var change = new NetworkChange(name, LibvirtStamp.Of(request.NewInputs, request.Urn), request);
        var seen = await libvirt.ChangeAsync($"change the network '{name}'", change.Make, cancellationToken);
        return new UpdateResponse(Outputs(seen, request.NewInputs));
    }

    public Task DeleteAsync(LibvirtConnection libvirt, DeleteRequest request, CancellationToken cancellationToken) =>
        libvirt.ChangeAsync($"remove the network '{NameOf(request.Inputs, request.Urn)}'", connect => NetworkMaking.Remove(connect, request.Id), cancellationToken);

    /// <summary>The subnet of an address spelt otherwise is none; the table's canonical form says so, but for a list's order.</summary>
    private static bool IsOtherSpelling(PropertyDiff change) =>
        change is { Path.Top: "bridge", Kind: DiffKind.Delete } or { Path.Top: "dhcp", Kind: DiffKind.Delete };

    private static ReadResponse.Found Found(SeenNetwork network, ReadRequest request)
    {
        if (request.Inputs.Count > 0)
        {
            return new ReadResponse.Found(request.Id, Outputs(network, request.Inputs));
        }

        var inputs = OutputShape.Inputs(NetworkTable.Table, NetworkOutputs.Seen(network.Xml, network.Autostart));
        return new ReadResponse.Found(request.Id, Outputs(network, inputs), inputs);
    }

    private static PropertyMap Outputs(SeenNetwork network, PropertyMap inputs) =>
        OutputShape.Compose(NetworkTable.Table, inputs, NetworkOutputs.Seen(network.Xml, network.Autostart)).Merge(PropertyMap.Of(
            ("id", network.Uuid), (LibvirtMeta.Key, LibvirtMeta.Of(network.State))));

    private static string NameOf(PropertyMap inputs, Urn urn) => new InputReader(inputs).Text("name") ?? PhysicalName.Of(urn);
}

/// <summary>A network as it was seen; the XML is that of its definition.</summary>
internal sealed record SeenNetwork(string Uuid, XElement Xml, bool IsActive, bool IsPersistent, bool Autostart)
{
    public string State => !IsPersistent ? LibvirtMeta.Undefined : IsActive ? LibvirtMeta.Active : LibvirtMeta.Inactive;

    /// <summary>Blocks: to be called on a worker.</summary>
    public static SeenNetwork Look(NetworkHandle network)
    {
        var persistent = network.IsPersistent();
        return new SeenNetwork(
            network.Uuid(), XElement.Parse(network.Xml(inactive: persistent)), network.IsActive(), persistent, persistent && network.Autostart());
    }
}
