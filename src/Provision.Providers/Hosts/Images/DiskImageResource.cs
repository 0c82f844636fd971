using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts.Images;

/// <summary>A disk image on the host, complete and never changed: the base of machines' disks, shared by all that start from the same.</summary>
internal sealed class DiskImageResource(HostSession host) : IHostResource
{
    public const string FileName = "disk.qcow2";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromHours(2);

    private readonly ContentStore _store = new(host);
    private readonly DiskImageBuilds _builds = new(host);
    private readonly Overlays _overlays = new(host);

    public (string Name, int Limit) Cost => ("build", 2);

    public CheckResponse Check(CheckRequest request) => DiskImageInputs.Check(request.NewInputs);

    public DiffResponse Diff(DiffRequest request) => new()
    {
        Changes = InputDiff.Compare(request.OldInputs, request.NewInputs, DiskImageInputs.Changes),
        Stables = ["path", "digest", "virtualSize"],
    };

    /// <summary>1 find out what there is to make, 2 take the folder that is there, 3 make it.</summary>
    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var inputs = DiskImageInputs.Read(request.Inputs);
        var build = await _builds.PlanAsync(inputs, inputs.User(request.Urn), request.Progress, cancellationToken); // 1
        var folder = await _store.JoinAsync(build.Parent, build.Name, build.User, cancellationToken) // 2
            ?? await _store.BuildAsync(build with { Timeout = request.Timeout ?? BuildLimit }, request.Progress, cancellationToken); // 3
        return new CreateResponse(folder.Path, Outputs(request.Inputs, folder));
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var asked = requests.Select(request => (request.Id, User: DiskImageInputs.Read(request.Inputs).User(request.Urn))).ToList();
        var found = await _store.LookAsync(asked, cancellationToken);
        return
        [
            .. requests.Zip(asked, (request, pair) => found.GetValueOrDefault($"{pair.Id}\n{pair.User.Urn}") is { } folder
                ? new ReadResponse.Found(request.Id, Outputs(request.Inputs, folder))
                : (ReadResponse)ReadResponse.Gone.Value),
        ];
    }

    public async Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        var inputs = DiskImageInputs.Read(request.Inputs);
        var user = inputs.User(request.Urn);
        var folders = await _store.FindAsync(inputs.Parent, user, cancellationToken);
        return folders.FirstOrDefault(folder => folder.Path != request.KnownId) is { } left
            ? new FindResponse(left.Path, Outputs(request.Inputs, left), Complete: left.User.Key == user.Key)
            : null;
    }

    // What can be changed in place matters at the end, or on the way here; the image itself stays as it is.
    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) => Task.FromResult(new UpdateResponse(
        request.OldOutputs.Merge(request.NewInputs).Merge(PropertyMap.Of(
            ("path", request.OldOutputs.Find("path")), ("digest", request.OldOutputs.Find("digest"))))));

    /// <summary>The last user's delete removes it, unless a disk still stands on it: that would be lost with its base.</summary>
    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var inputs = DiskImageInputs.Read(request.Inputs);
        ContentOutputs.DemandInside(request.Id, inputs.Parent);
        var user = inputs.User(request.Urn);
        var generation = ContentOutputs.Generation(request.Outputs);
        var departure = await _store.LeaveAsync(request.Id, user, generation, inputs.Keep, onlyLook: true, cancellationToken);
        if (departure == Departure.Last)
        {
            var overlays = await _overlays.FindAsync($"{request.Id}/{FileName}", ContentStore.ParentOf(inputs.Parent), cancellationToken);
            if (!overlays.IsEmpty)
            {
                throw new ProviderException(
                    ProviderFailure.Conflict,
                    $"{request.Id} is not removed: {string.Join(", ", overlays.Take(3))}{(overlays.Length > 3 ? $" and {overlays.Length - 3} more" : "")} stand on it.",
                    "Remove those disks first; without their base nothing in them can be read.", Remainder.Untouched.Value);
            }

            departure = await _store.LeaveAsync(request.Id, user, generation, inputs.Keep, onlyLook: false, cancellationToken);
        }

        ContentOutputs.Tell(departure, request.Id, request.Progress);
    }

    public Task<bool> IsSatisfiedAsync(PropertyMap inputs, CancellationToken cancellationToken) =>
        host.CanWriteAsync(DiskImageInputs.Read(inputs).Parent, cancellationToken);

    // The input named digest is what a download had to be, and so is the output.
    private static PropertyMap Outputs(PropertyMap inputs, ContentFolder folder) => inputs.Merge(ContentOutputs.Of(folder)).Merge(PropertyMap.Of(
        ("path", $"{folder.Path}/{FileName}"), ("digest", folder.Fact("digest")),
        ("virtualSize", long.TryParse(folder.Fact("virtualSize"), CultureInfo.InvariantCulture, out var size) ? size : 0)));
}
