using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts.Images.Guest;

namespace Provision.Providers.Hosts.Images;

/// <summary>A disk image on the host, complete and never changed: the base of machines' disks, shared by all that start from the same.</summary>
internal sealed class DiskImageResource(HostSession host) : IHostResource
{
    public const string FileName = "disk.qcow2";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(60);

    private readonly ContentStore _store = new(host);

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
        var build = await PlanAsync(inputs, inputs.User(request.Urn), cancellationToken); // 1
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

    // Only keep is changed in place, and it matters at the end alone.
    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new UpdateResponse(request.OldOutputs.Merge(request.NewInputs.Without("path"))));

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var inputs = DiskImageInputs.Read(request.Inputs);
        ContentOutputs.DemandInside(request.Id, inputs.Parent);
        var departure = await _store.LeaveAsync(
            request.Id, inputs.User(request.Urn), ContentOutputs.Generation(request.Outputs), inputs.Keep, onlyLook: false, cancellationToken);
        ContentOutputs.Tell(departure, request.Id, request.Progress);
    }

    public Task<bool> IsSatisfiedAsync(PropertyMap inputs, CancellationToken cancellationToken) =>
        host.CanWriteAsync(DiskImageInputs.Read(inputs).Parent, cancellationToken);

    private static PropertyMap Outputs(PropertyMap inputs, ContentFolder folder) => inputs.Merge(ContentOutputs.Of(folder)).Merge(PropertyMap.Of(
        ("path", $"{folder.Path}/{FileName}"), ("digest", folder.Fact("digest")),
        ("virtualSize", long.TryParse(folder.Fact("virtualSize"), CultureInfo.InvariantCulture, out var size) ? size : 0)));

    private Task<ContentBuild> PlanAsync(DiskImageInputs inputs, ContentUser user, CancellationToken cancellationToken) => inputs.Source switch
    {
        DiskImageSource.Tiny tiny => PlanTinyAsync(inputs, tiny, user, cancellationToken),
        _ => throw new ProviderException(ProviderFailure.Refused, "Nothing says where the image comes from.", null, Remainder.Untouched.Value),
    };

    private async Task<ContentBuild> PlanTinyAsync(DiskImageInputs inputs, DiskImageSource.Tiny tiny, ContentUser user, CancellationToken cancellationToken)
    {
        var asRoot = await host.NeedsRootAsync(inputs.Parent, cancellationToken);
        var dockerfile = await host.Transport.ReadFileAsync($"{tiny.Root}/{RootFileSystemArchive.DockerfileName}", 1024 * 1024, asRoot, cancellationToken)
            ?? throw new ProviderException(
                ProviderFailure.Refused, $"{tiny.Root} is no tiny root file system: it has no {RootFileSystemArchive.DockerfileName}.",
                "Give the path of a RootFileSystem resource.", Remainder.Untouched.Value);
        var files = TinyGuest.Files(TinyCommand.Of(Encoding.UTF8.GetString(dockerfile)));
        var size = inputs.Size?.ToString(CultureInfo.InvariantCulture) ?? "-";

        // A newer SSH server on the host makes another image; its folder's name says the same of the root file system.
        var versions = await host.Transport.RunAsync(HostCommand.Script("dropbear -V 2>&1; mke2fs -V 2>&1; true"), cancellationToken);
        var name = ContentUser.Digest(string.Join('\n',
            ["tiny", ContentStore.NameOf(tiny.Root), size, versions.Output, TinyImageScript.Body, .. files.Select(file => $"{file.Path}\n{file.Content}")]));
        return new ContentBuild(
            inputs.Parent, name, user, TinyImageScript.Body,
            [tiny.Root, size, .. TinyGuest.Programs.SelectMany(row => (string[])[row.Program, row.Package])])
        {
            Stdin = GuestFile.Archive(files),
        };
    }
}
