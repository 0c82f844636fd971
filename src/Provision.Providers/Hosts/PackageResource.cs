using System.Collections.Immutable;
using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>
/// A package of the host's distribution. Present before us means not ours: it is never removed. That we installed it is written on
/// the host before we do, so that it is known after a crash.
/// </summary>
internal sealed class PackageResource(HostSession host) : IHostResource, IDisposable
{
    private const string CommandTool = "command";
    private const string OwnersFolder = "/var/lib/provision/packages";
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;

    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(30);

    private readonly AptPackages _apt = new(host);
    private readonly DnfPackages _dnf = new(host);
    private readonly PackageQueue _queue = new();

    // They wait in the queue, which takes many in one go; not for each other's end.
    public (string Name, int Limit) Cost => ("package", 64);

    /// <summary>Shared with whoever else needs the host's package lists: two would wait for each other's lock.</summary>
    internal AptPackages Apt => _apt;

    public CheckResponse Check(CheckRequest request) => PackageInputs.Check(request.NewInputs);

    public DiffResponse Diff(DiffRequest request)
    {
        var changes = InputDiff.Compare(request.OldInputs, request.NewInputs, PackageInputs.Changes);
        var wanted = InputReader.Plain(request.NewInputs.Find("version"));
        var present = InputReader.Plain(request.OldOutputs.Find("version"));
        var drifted = wanted is not null && present is not null && !request.Id.StartsWith(CommandTool + "/", StringComparison.Ordinal)
            && !wanted.Equals(present) && changes.All(change => change.Path.Top != "version");
        if (drifted)
        {
            changes = changes.Add(new PropertyDiff(PropertyPath.Of("version"), DiffKind.Update, ApplyClass.Live, present, wanted));
        }

        return new DiffResponse
        {
            Changes = changes,
            DeleteBeforeReplace = true,
            Reason = drifted ? "another version is installed" : null,
            Stables = ["manager", "installed", "installedByUs"],
        };
    }

    public async Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var inputs = PackageInputs.Read(request.Inputs);
        if (await CommandOfAsync(inputs, cancellationToken) is { } command)
        {
            request.Progress.Report($"{command} is there already");
            return new CreateResponse($"{CommandTool}/{inputs.Command}", Outputs(request.Inputs, CommandTool, "", byUs: false));
        }

        var packages = await PackagesAsync(cancellationToken);
        var name = NameFor(inputs, packages);
        var present = await packages.InstalledAsync([name], cancellationToken);
        if (!present.TryGetValue(name, out var version))
        {
            version = await InstallAsOwnerAsync(packages, name, inputs.Version, request, cancellationToken);
        }
        else if (inputs.Version is { } wanted && wanted != version)
        {
            throw new ProviderException(
                ProviderFailure.Conflict, $"{name} is installed already, in version {version} and not {wanted}; it is not ours to change.",
                $"Set the version to {version}, leave it out, or install {wanted} by hand.", Remainder.Untouched.Value);
        }
        else
        {
            request.Progress.Report($"{name} {version} is installed already");
        }

        var byUs = await IsOwnerAsync(packages, name, request.Urn, cancellationToken);
        return new CreateResponse($"{packages.Name}/{name}", Outputs(request.Inputs, packages.Name, version, byUs));
    }

    public async Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken)
    {
        var names = requests.Select(request => PackageId.Parse(request.Id)).ToList();
        var asked = names.Where(id => id.Tool != CommandTool).Select(id => id.Name).Distinct(StringComparer.Ordinal).ToList();
        var present = asked.Count == 0
            ? ImmutableDictionary<string, string>.Empty
            : await (await PackagesAsync(cancellationToken)).InstalledAsync(asked, cancellationToken);
        var responses = new List<ReadResponse>(requests.Count);
        foreach (var (request, id) in requests.Zip(names))
        {
            var version = id.Tool == CommandTool
                ? await host.WhichAsync(id.Name, cancellationToken) is null ? null : ""
                : present.GetValueOrDefault(id.Name);
            if (version is null)
            {
                responses.Add(ReadResponse.Gone.Value);
                continue;
            }

            var byUs = request.Outputs.Find("installedByUs") is PropertyValue.Bool { Value: true };
            var imported = request.Inputs.Count == 0;
            var inputs = imported
                ? PropertyMap.Of(("name", id.Name), ("command", id.Tool == CommandTool ? id.Name : null), ("keep", true))
                : request.Inputs;
            responses.Add(new ReadResponse.Found(request.Id, Outputs(inputs, id.Tool, version, byUs), imported ? inputs : null));
        }

        return responses;
    }

    public async Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken)
    {
        var inputs = PackageInputs.Read(request.Inputs);
        var packages = await PackagesAsync(cancellationToken);
        var name = NameFor(inputs, packages);
        if (!await IsOwnerAsync(packages, name, request.Urn, cancellationToken))
        {
            return null;
        }

        var present = await packages.InstalledAsync([name], cancellationToken);
        return present.TryGetValue(name, out var version)
            ? new FindResponse($"{packages.Name}/{name}", Outputs(request.Inputs, packages.Name, version, byUs: true), Complete: true)
            : null;
    }

    public async Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        var id = PackageId.Parse(request.Id);
        var inputs = PackageInputs.Read(request.NewInputs);
        var byUs = request.OldOutputs.Find("installedByUs") is PropertyValue.Bool { Value: true };
        if (id.Tool == CommandTool)
        {
            return new UpdateResponse(Outputs(request.NewInputs, CommandTool, "", byUs));
        }

        var packages = await PackagesAsync(cancellationToken);
        var present = await packages.InstalledAsync([id.Name], cancellationToken);
        var version = present.GetValueOrDefault(id.Name);
        if (version is not null && inputs.Version is { } wanted && wanted != version && !byUs)
        {
            throw new ProviderException(
                ProviderFailure.Conflict, $"{id.Name} was installed by somebody else, in version {version}; it is not ours to change to {wanted}.",
                "Install that version by hand, or leave the version out.", Remainder.Untouched.Value);
        }

        if (version is null || (inputs.Version is not null && inputs.Version != version))
        {
            version = await InstallAsync(packages, id.Name, inputs.Version, request.Timeout, request.Progress, cancellationToken);
        }

        return new UpdateResponse(Outputs(request.NewInputs, packages.Name, version, byUs));
    }

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var id = PackageId.Parse(request.Id);
        var byUs = request.Outputs.Find("installedByUs") is PropertyValue.Bool { Value: true };
        if (id.Tool == CommandTool || !byUs)
        {
            request.Progress.Report($"{id.Name} stays: it was there before");
            return;
        }

        if (PackageInputs.Read(request.Inputs).Keep)
        {
            request.Progress.Report($"{id.Name} stays installed (keep)");
            return;
        }

        var packages = await PackagesAsync(cancellationToken);
        if ((await packages.InstalledAsync([id.Name], cancellationToken)).ContainsKey(id.Name))
        {
            await Guarded(id.Name, () => _queue.RemoveAsync(packages, id.Name, request.Timeout ?? InstallLimit, request.Progress, cancellationToken));
        }

        var access = await host.AccessAsync(cancellationToken);
        await host.Transport.DeleteAsync(OwnerFile(packages, id.Name), access.CanBeRoot, cancellationToken);
    }

    public async Task<bool> IsSatisfiedAsync(PropertyMap inputs, CancellationToken cancellationToken)
    {
        var read = PackageInputs.Read(inputs);
        if (await CommandOfAsync(read, cancellationToken) is not null)
        {
            return true;
        }

        if ((await host.AccessAsync(cancellationToken)).Packages == PackageTool.None)
        {
            return false;
        }

        var packages = await PackagesAsync(cancellationToken);
        var name = NameFor(read, packages);
        return (await packages.InstalledAsync([name], cancellationToken)).ContainsKey(name);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _apt.Dispose();
    }

    private static string NameFor(PackageInputs inputs, IPackages packages) =>
        inputs.NameFor(packages is DnfPackages ? PackageTool.Dnf : PackageTool.Apt);

    private static string OwnerFile(IPackages packages, string name) => $"{OwnersFolder}/{packages.Name}-{name}";

    private static PropertyMap Outputs(PropertyMap inputs, string manager, string version, bool byUs) =>
        inputs.Merge(PropertyMap.Of(("manager", manager), ("version", version), ("installed", true), ("installedByUs", byUs)));

    private Task<string?> CommandOfAsync(PackageInputs inputs, CancellationToken cancellationToken) =>
        inputs.Command is null ? Task.FromResult<string?>(null) : host.WhichAsync(inputs.Command, cancellationToken);

    private async Task<string> InstallAsOwnerAsync(
        IPackages packages, string name, string? version, CreateRequest request, CancellationToken cancellationToken)
    {
        await WriteOwnerAsync(packages, name, request.Urn, cancellationToken);
        try
        {
            return await InstallAsync(packages, name, version, request.Timeout, request.Progress, cancellationToken);
        }
        catch (ProviderException exception) when (exception.Remainder is Remainder.Untouched)
        {
            // Whoever installs it now is its owner.
            var access = await host.AccessAsync(cancellationToken);
            await host.Transport.DeleteAsync(OwnerFile(packages, name), access.CanBeRoot, cancellationToken);
            throw;
        }
    }

    private async Task<string> InstallAsync(
        IPackages packages, string name, string? version, TimeSpan? timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        progress.Report($"installing {name}");
        await Guarded(name, () => _queue.InstallAsync(packages, new WantedPackage(name, version), timeout ?? InstallLimit, progress, cancellationToken));
        var present = await packages.InstalledAsync([name], cancellationToken);
        return present.GetValueOrDefault(name) ?? throw new ProviderException(
            ProviderFailure.Refused, $"{packages.Name} reported success, but {name} is not installed: it may be a virtual package.",
            "Name the real package.", Remainder.Untouched.Value);
    }

    private static async Task Guarded(string name, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (TimeoutException exception)
        {
            throw new ProviderException(
                ProviderFailure.Timeout, $"The package manager did not finish with {name}: {exception.Message}",
                "See what it waits for (a lock, the network), or raise the resource's timeout.", Remainder.Unknown.Value, exception);
        }
    }

    private async Task WriteOwnerAsync(IPackages packages, string name, Urn urn, CancellationToken cancellationToken)
    {
        var access = await host.AccessAsync(cancellationToken);
        try
        {
            await host.Transport.WriteFileAsync(
                OwnerFile(packages, name), Encoding.UTF8.GetBytes(urn + "\n"), Readable, access.CanBeRoot, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(
                access.CanBeRoot ? ProviderFailure.Refused : ProviderFailure.Unauthorized,
                access.CanBeRoot
                    ? $"{OwnersFolder} cannot be written: {exception.Message}"
                    : $"Installing {name} needs root or passwordless sudo; you are uid {access.UserId}.",
                access.CanBeRoot ? null : "Run as root, allow yourself sudo without a password, or install the package by hand.",
                Remainder.Untouched.Value, exception);
        }
    }

    private async Task<bool> IsOwnerAsync(IPackages packages, string name, Urn urn, CancellationToken cancellationToken)
    {
        var access = await host.AccessAsync(cancellationToken);
        var owner = await host.Transport.ReadFileAsync(OwnerFile(packages, name), 4096, access.CanBeRoot, cancellationToken);
        return owner is not null && Encoding.UTF8.GetString(owner).Trim() == urn.ToString();
    }

    private async Task<IPackages> PackagesAsync(CancellationToken cancellationToken) =>
        (await host.AccessAsync(cancellationToken)).Packages switch
        {
            PackageTool.Apt => _apt,
            PackageTool.Dnf => _dnf,
            _ => throw new ProviderException(
                ProviderFailure.Refused, $"{host.Transport.Address} has neither apt nor dnf.", "Install what is needed by hand.", Remainder.Untouched.Value),
        };

    private readonly record struct PackageId(string Tool, string Name)
    {
        public static PackageId Parse(string id) => id.Split('/', 2) is [var tool, var name]
            ? new PackageId(tool, name)
            : throw new ProviderException(ProviderFailure.Refused, $"'{id}' is not a package's id.", "An id is such as apt/tini.", Remainder.Untouched.Value);
    }
}
