using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>
/// A root file system of a few megabytes, made on the host of its own static busybox: the base of images and guests where no registry
/// can be reached. The folder is named after what is in it and never changed.
/// </summary>
internal sealed class RootFileSystemResource(HostSession host) : IHostResource
{
    private const int MarkerLimit = 64 * 1024;
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;

    // Made beside its place and moved there when complete. The folder is the user's own and nobody else's: files in it may be secret.
    private const string Build = """
        set -e
        final=$1 new=$2 busybox=$3 owner=$4
        mkdir -p -- "${final%/*}"
        rm -rf -- "$new"
        (umask 077; mkdir -- "$new")
        trap '[ $? = 0 ] || rm -rf -- "$new"' EXIT
        tar -x -p -f - -C "$new" --no-same-owner
        cp -- "$busybox" "$new/rootfs/bin/busybox"
        chmod 0755 "$new/rootfs/bin/busybox"
        chown -R "$owner" "$new"
        """;

    private const string Settle = """
        set -e
        if [ -e "$1" ] || [ -L "$1" ]; then rm -rf -- "$2"; exit 17; fi
        mv -T -- "$2" "$1"
        """;

    public (string Name, int Limit) Cost => ("files", 2);

    public CheckResponse Check(CheckRequest request) => RootFileSystemInputs.Check(request.NewInputs);

    public DiffResponse Diff(DiffRequest request) =>
        new() { Changes = InputDiff.Compare(request.OldInputs, request.NewInputs, RootFileSystemInputs.Changes), Stables = ["path", "digest"] };

    /// <summary>1 look at busybox, 2 take a folder that is complete, 3 build beside and move into place.</summary>
    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var inputs = RootFileSystemInputs.Read(request.Inputs);
        var (busybox, sha256, applets) = await StaticBusybox.FindAsync(host, inputs.Busybox, cancellationToken); // 1
        var digest = RootFileSystemDigest.Of(inputs, sha256, applets);
        var path = $"{inputs.Parent}/{digest}";
        var asRoot = await host.NeedsRootAsync(inputs.Parent, cancellationToken);
        var marker = Marker(inputs, request.Urn, 1);
        if (await ReadMarkerAsync(path, asRoot, cancellationToken) is { } present) // 2
        {
            if (present.Urn != marker.Urn)
            {
                throw new ProviderException(
                    ProviderFailure.Conflict, $"{path} is another resource's ({present.Urn}).", "Give the resources different parent folders (path).",
                    Remainder.Untouched.Value);
            }

            marker = marker with { Generation = present.Generation + 1 };
            await WriteMarkerAsync(path, marker, asRoot, cancellationToken);
        }
        else
        {
            request.Progress.Report($"building {path}");
            await BuildAsync(inputs, busybox, applets, path, marker, asRoot, cancellationToken); // 3
        }

        return new CreateResponse(path, Outputs(request.Inputs, path, digest, marker));
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var responses = new List<ReadResponse>(requests.Count);
        foreach (var request in requests)
        {
            var asRoot = await host.NeedsRootAsync(Folder(request.Id), cancellationToken);
            var marker = await ReadMarkerAsync(request.Id, asRoot, cancellationToken);
            var imported = request.Inputs.Count == 0 ? PropertyMap.Of(("path", Folder(request.Id))) : null;
            responses.Add(marker is null
                ? ReadResponse.Gone.Value
                : new ReadResponse.Found(request.Id, Outputs(imported ?? request.Inputs, request.Id, Name(request.Id), marker), imported));
        }

        return responses;
    }

    public async Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        var inputs = RootFileSystemInputs.Read(request.Inputs);
        var (_, sha256, applets) = await StaticBusybox.FindAsync(host, inputs.Busybox, cancellationToken);
        var digest = RootFileSystemDigest.Of(inputs, sha256, applets);
        var path = $"{inputs.Parent}/{digest}";
        var asRoot = await host.NeedsRootAsync(inputs.Parent, cancellationToken);
        return await ReadMarkerAsync(path, asRoot, cancellationToken) is { } marker && marker.Urn == Marker(inputs, request.Urn, 1).Urn
            ? new FindResponse(path, Outputs(request.Inputs, path, digest, marker), Complete: true)
            : null;
    }

    // No input is changed in place, so there is nothing to do; the engine asks only where a diff was overruled.
    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new UpdateResponse(request.OldOutputs));

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var parent = RootFileSystemInputs.Read(request.Inputs).Parent;
        if (!HostPath.Shape().IsMatch(request.Id) || Folder(request.Id) != parent)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"{request.Id} is not a folder in {parent}, so it is not removed.", "Remove it by hand, and the resource from the state.",
                Remainder.Untouched.Value);
        }

        var asRoot = await host.NeedsRootAsync(parent, cancellationToken);
        var facts = await host.Transport.StatAsync(request.Id, asRoot, cancellationToken);
        if (facts is null)
        {
            return;
        }

        var marker = facts.Kind == FileKind.Directory ? await ReadMarkerAsync(request.Id, asRoot, cancellationToken) : null;
        var recorded = request.Outputs.Find("stampUrn") is PropertyValue.String { Value: var urn } ? urn : request.Urn.ToString();
        if (marker is null || marker.Urn != recorded)
        {
            throw new ProviderException(
                ProviderFailure.Refused,
                marker is null ? $"{request.Id} does not carry our stamp, so it is not removed." : $"{request.Id} is another resource's ({marker.Urn}), so it is not removed.",
                "Look what it is; remove it by hand, and the resource from the state.", Remainder.Untouched.Value);
        }

        if (request.Outputs.Find("generation") is PropertyValue.Number { Value: var generation } && generation < marker.Generation)
        {
            request.Progress.Report($"{request.Id} stays: its replacement is the same folder");
            return;
        }

        await host.Transport.DeleteAsync(request.Id, asRoot, cancellationToken);

        // The folder for all of them goes with the last; it is no failure that others are still there.
        await host.Transport.RunAsync(new HostCommand("rmdir", "--ignore-fail-on-non-empty", "--", parent) { AsRoot = asRoot }, cancellationToken);
    }

    public Task<bool> IsSatisfiedAsync(PropertyMap inputs, CancellationToken cancellationToken) =>
        host.CanWriteAsync(RootFileSystemInputs.Read(inputs).Parent, cancellationToken);

    private static string Folder(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : "/";

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static PropertyMap Outputs(PropertyMap inputs, string path, string digest, RootFileSystemMarker marker) =>
        inputs.Merge(PropertyMap.Of(("path", path), ("digest", digest), ("generation", marker.Generation), ("stampUrn", marker.Urn)));

    private static RootFileSystemMarker Marker(RootFileSystemInputs inputs, Urn urn, int generation) => new(
        inputs.Stamp.GetValueOrDefault("project", urn.Project), inputs.Stamp.GetValueOrDefault("stack", urn.Stack),
        inputs.Stamp.GetValueOrDefault("urn", urn.ToString()), generation)
    {
        HoldsSecrets = inputs.Files.Any(file => file.IsSecret),
    };

    private async Task BuildAsync(
        RootFileSystemInputs inputs, string busybox, IReadOnlyList<string> applets, string path, RootFileSystemMarker marker, bool asRoot,
        CancellationToken cancellationToken)
    {
        var access = await host.AccessAsync(cancellationToken);
        var fresh = $"{inputs.Parent}/.new-{Name(path)}";
        var owner = access.UserId.ToString(CultureInfo.InvariantCulture);
        var built = await host.Transport.RunAsync(
            HostCommand.Script(Build, path, fresh, busybox, owner)
                with
            { AsRoot = asRoot, Stdin = RootFileSystemArchive.Write(inputs, applets) },
            cancellationToken);
        Demand(built, path);
        await WriteMarkerAsync(fresh, marker, asRoot, cancellationToken);
        Demand(await host.Transport.RunAsync(HostCommand.Script(Settle, path, fresh) with { AsRoot = asRoot }, cancellationToken), path);
    }

    private static void Demand(CommandResult result, string path)
    {
        if (result.Succeeded)
        {
            return;
        }

        if (result.ExitCode == 17)
        {
            throw new ProviderException(
                ProviderFailure.Conflict, $"{path} exists and does not carry our stamp.", "Move it away, and run up again.", Remainder.Untouched.Value);
        }

        var denied = result.Error.Contains("ermission denied", StringComparison.Ordinal);
        throw new ProviderException(
            denied ? ProviderFailure.Unauthorized : ProviderFailure.Refused, $"{path} could not be made: {result.Complaint()}",
            denied ? "Run as root, allow yourself sudo without a password, or choose a folder of yours (path)." : "Put right what it says (space, rights), and run up again.",
            Remainder.Untouched.Value);
    }

    private async Task<RootFileSystemMarker?> ReadMarkerAsync(string folder, bool asRoot, CancellationToken cancellationToken)
    {
        var json = await host.Transport.ReadFileAsync($"{folder}/{RootFileSystemMarker.FileName}", MarkerLimit, asRoot, cancellationToken);
        return json is null ? null : RootFileSystemMarker.Parse(json);
    }

    private Task WriteMarkerAsync(string folder, RootFileSystemMarker marker, bool asRoot, CancellationToken cancellationToken) =>
        host.Transport.WriteFileAsync($"{folder}/{RootFileSystemMarker.FileName}", marker.ToJson(), Readable, asRoot, cancellationToken);
}
