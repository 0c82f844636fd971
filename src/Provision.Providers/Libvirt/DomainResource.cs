using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary><c>libvirt:index/domain:Domain</c>. Its id is the UUID, derived from the stamp, so that what an interrupted run made is found again.</summary>
/// <param name="clock">What waits go by.</param>
/// <param name="virtualization">What this machine can; of a libvirt elsewhere nothing is known.</param>
/// <param name="dial">How a guest is asked whether it is ready.</param>
internal sealed class DomainResource(TimeProvider clock, HostVirtualization virtualization, IGuestDial dial) : ILibvirtResource
{
    private readonly DomainNeighbours _neighbours = new();
    private bool _hotPlugs = true;

    public string Type => "libvirt:index/domain:Domain";

    public LibvirtCost CostOf(string operation) => operation == "read" ? LibvirtCost.ApiCall : LibvirtCost.Boot;

    public CheckResponse Check(LibvirtEndpoint endpoint, CheckRequest request)
    {
        _hotPlugs = endpoint.Driver.Has(LibvirtFeature.HotPlug);
        return DomainChecks.Check(request, new DomainType(endpoint.Driver, endpoint.IsLocal ? virtualization : null));
    }

    public DiffResponse Diff(DiffRequest request) => DomainDiff.Compare(request, _hotPlugs);

    public Task<CreateResponse> CreateAsync(LibvirtConnection libvirt, CreateRequest request, CancellationToken cancellationToken) =>
        new DomainChange(libvirt, clock, dial, _neighbours).CreateAsync(request, cancellationToken);

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(LibvirtConnection libvirt, IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var seen = await new DomainSurvey(libvirt).LookAsync([.. requests.Select(request => new SurveyRequest(request.Id, request.Inputs))], cancellationToken);
        return [.. requests.Zip(seen, Answer)];
    }

    private static ReadResponse Answer(ReadRequest request, SurveyedDomain? seen)
    {
        if (seen is null)
        {
            return ReadResponse.Gone.Value;
        }

        var inputs = request.Inputs.Count > 0 ? null : DomainShape.Inputs(request.Urn, seen.View, seen.Sight);
        return new ReadResponse.Found(
            seen.View.Uuid.ToString("D"), DomainShape.Outputs(request.Urn, seen.View, seen.Sight, inputs ?? request.Inputs, request.Outputs), inputs);
    }

    /// <summary>Ours by UUID and stamp together; complete where it does what it shall.</summary>
    public async Task<FindResponse?> FindAsync(LibvirtConnection libvirt, FindRequest request, CancellationToken cancellationToken)
    {
        var stamp = LibvirtStamp.Of(request.Inputs, request.Urn);
        if (stamp.UuidText() == request.KnownId || await new DomainSurvey(libvirt).LookAsync(stamp.UuidText(), request.Inputs, cancellationToken) is not { } seen
            || (libvirt.Driver.Has(LibvirtFeature.Metadata) ? seen.Stamp?.Urn != stamp.Urn : seen.View.Name != new InputReader(request.Inputs).Text("name")))
        {
            return null;
        }

        var wanted = new InputReader(request.Inputs);
        var outputs = DomainShape.Outputs(request.Urn, seen.View, seen.Sight, request.Inputs, PropertyMap.Empty);
        var off = wanted.Flag("running") == false || wanted.Text("__power") == "off";
        return new FindResponse(seen.View.Uuid.ToString("D"), outputs, off || (seen.Sight.IsActive && HasItsAddresses(outputs)));
    }

    /// <summary>One that was left while it booted has no address yet, and others refer to it.</summary>
    private static bool HasItsAddresses(PropertyMap outputs) =>
        new InputReader(outputs).Objects("networkInterfaces").All(network => network.Flag("waitForLease") != true || !network.Texts("addresses").IsEmpty);

    public Task<UpdateResponse> UpdateAsync(LibvirtConnection libvirt, UpdateRequest request, CancellationToken cancellationToken) =>
        new DomainChange(libvirt, clock, dial, _neighbours).UpdateAsync(request, cancellationToken);

    public async Task DeleteAsync(LibvirtConnection libvirt, DeleteRequest request, CancellationToken cancellationToken)
    {
        var names = await DomainPreparation.NetworkNamesAsync(libvirt, request.Inputs, cancellationToken);
        await new DomainRemoval(libvirt, clock, request.Progress).RunAsync(
            request.Id, new InputReader(request.Inputs).Text("name") ?? request.Urn.Name, DomainPower.LimitOf(request.Inputs),
            DhcpReservations.Of(request.Urn, request.Inputs, id => names.GetValueOrDefault(id)), cancellationToken);
        if (Guid.TryParse(request.Id, out var uuid))
        {
            _neighbours.Forget(uuid);
        }
    }
}
