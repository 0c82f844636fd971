using System.Collections.Immutable;
using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts.Images;

/// <summary>
/// A kernel and a small initial ramdisk on the host, from which guests without a boot loader start: the distribution's own package,
/// fetched and unpacked, never installed.
/// </summary>
internal sealed class BootKernelResource(HostSession host, AptPackages apt) : IHostResource
{
    // Raised when what the build makes changes, so that an old folder is not taken for a new one.
    private const string Layout = "1";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(30);

    private readonly ContentStore _store = new(host);
    private readonly KernelPackages _kernels = new(host, apt);

    public (string Name, int Limit) Cost => ("build", 2);

    public CheckResponse Check(CheckRequest request) => BootKernelInputs.Check(request.NewInputs);

    public DiffResponse Diff(DiffRequest request) => new()
    {
        Changes = InputDiff.Compare(request.OldInputs, request.NewInputs, BootKernelInputs.Changes),
        Stables = ["path", "kernel", "initrd", "version", "release", "digest"],
    };

    /// <summary>1 find out what there is to build of, 2 take the folder that is there, 3 build it.</summary>
    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var inputs = BootKernelInputs.Read(request.Inputs);
        var user = inputs.User(request.Urn);
        var busybox = await StaticBusybox.FindAsync(host, inputs.Busybox, cancellationToken); // 1
        DemandApplets(busybox);
        var package = await _kernels.ResolveAsync(inputs.Package, request.Progress, cancellationToken);
        var name = NameOf(package, busybox);
        var folder = await _store.JoinAsync(inputs.Parent, name, user, cancellationToken) // 2
            ?? await _store.BuildAsync( // 3
                new ContentBuild(inputs.Parent, name, user, BootKernelScript.Body, [
                    package.Tool == PackageTool.Dnf ? "dnf" : "apt", busybox.Path, string.Join(' ', InitialRamdisk.Modules),
                    string.Join(' ', InitialRamdisk.Applets), package.Version, .. package.Packages])
                {
                    Stdin = Encoding.UTF8.GetBytes(InitialRamdisk.Init),
                    Timeout = request.Timeout ?? BuildLimit,
                },
                request.Progress, cancellationToken);
        return new CreateResponse(folder.Path, Outputs(request.Inputs, folder));
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var asked = requests.Select(request => (request.Id, User: UserOf(request.Urn, request.Inputs))).ToList();
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
        var inputs = BootKernelInputs.Read(request.Inputs);
        var user = inputs.User(request.Urn);
        var folders = await _store.FindAsync(inputs.Parent, user, cancellationToken);
        return folders.FirstOrDefault(folder => folder.Path != request.KnownId) is { } left
            ? new FindResponse(left.Path, Outputs(request.Inputs, left), Complete: left.User.Key == user.Key)
            : null;
    }

    // No input is changed in place, so there is nothing to do; the engine asks only where a diff was overruled.
    public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new UpdateResponse(request.OldOutputs));

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        ContentOutputs.DemandInside(request.Id, BootKernelInputs.Read(request.Inputs).Parent);
        var user = UserOf(request.Urn, request.Inputs);
        var departure = await _store.LeaveAsync(
            request.Id, user, ContentOutputs.Generation(request.Outputs), keep: false, onlyLook: false, cancellationToken);
        ContentOutputs.Tell(departure, request.Id, request.Progress);
    }

    public Task<bool> IsSatisfiedAsync(PropertyMap inputs, CancellationToken cancellationToken) =>
        host.CanWriteAsync(BootKernelInputs.Read(inputs).Parent, cancellationToken);

    internal static string NameOf(KernelPackage package, StaticBusybox busybox) => ContentUser.Digest(string.Join('\n',
        [Layout, package.Tool.ToString(), .. package.Packages, busybox.Sha256, InitialRamdisk.Init, BootKernelScript.Body, .. InitialRamdisk.Modules]));

    private static ContentUser UserOf(Urn urn, PropertyMap inputs) => BootKernelInputs.Read(inputs).User(urn);

    private static PropertyMap Outputs(PropertyMap inputs, ContentFolder folder) => inputs.Merge(ContentOutputs.Of(folder)).Merge(PropertyMap.Of(
        ("path", folder.Path), ("kernel", $"{folder.Path}/vmlinuz"), ("initrd", $"{folder.Path}/initrd.img"),
        ("version", folder.Fact("version")), ("release", folder.Fact("release")), ("digest", folder.Name)));

    private static void DemandApplets(StaticBusybox busybox)
    {
        var there = busybox.Applets.Select(ContentStore.NameOf).ToHashSet(StringComparer.Ordinal);
        var missing = InitialRamdisk.Applets.Where(applet => !there.Contains(applet)).ToImmutableArray();
        if (!missing.IsEmpty)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"{busybox.Path} lacks what a guest needs before its disk is mounted: {string.Join(", ", missing)}.",
                "Name a busybox that has them (busybox).", Remainder.Untouched.Value);
        }
    }
}
