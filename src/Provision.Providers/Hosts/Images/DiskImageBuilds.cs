using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provision.Engine.Contract;
using Provision.Providers.Hosts.Images.Guest;

namespace Provision.Providers.Hosts.Images;

/// <summary>Finds out what there is to make of each kind of source: by what name, of what, and how.</summary>
internal sealed class DiskImageBuilds(HostSession host)
{
    private const int DockerfileLimit = 1024 * 1024;

    public Task<ContentBuild> PlanAsync(DiskImageInputs inputs, ContentUser user, IStepProgress progress, CancellationToken cancellationToken) => inputs.Source switch
    {
        DiskImageSource.Tiny tiny => TinyAsync(inputs, tiny, user, cancellationToken),
        DiskImageSource.Debian debian => Task.FromResult(Debian(inputs, debian, user)),
        DiskImageSource.Download download => DownloadAsync(inputs, download, user, progress, cancellationToken),
        DiskImageSource.LocalFile file => LocalFileAsync(inputs, file, user, progress, cancellationToken),
        _ => throw Refused("Nothing says where the image comes from.", null),
    };

    private async Task<ContentBuild> TinyAsync(DiskImageInputs inputs, DiskImageSource.Tiny tiny, ContentUser user, CancellationToken cancellationToken)
    {
        // The folder is its maker's alone, for files in it may be secret.
        var asRoot = await host.NeedsRootAsync(tiny.Root, cancellationToken);
        var dockerfile = await host.Transport.ReadFileAsync($"{tiny.Root}/{RootFileSystemArchive.DockerfileName}", DockerfileLimit, asRoot, cancellationToken)
            ?? throw Refused(
                $"{tiny.Root} is no tiny root file system: it has no {RootFileSystemArchive.DockerfileName}.", "Give the path of a RootFileSystem resource.");
        var marker = await host.Transport.ReadFileAsync($"{tiny.Root}/{RootFileSystemMarker.FileName}", DockerfileLimit, asRoot, cancellationToken);
        if (marker is not null && RootFileSystemMarker.Parse(marker) is { HoldsSecrets: true })
        {
            // QEMU runs as another user than who builds.
            throw Refused(
                $"{tiny.Root} holds secret files, and a disk image can be read by everybody on the host.",
                "Give the machine its secrets at first boot, and leave them out of the image.");
        }

        var files = TinyGuest.Files(TinyCommand.Of(Encoding.UTF8.GetString(dockerfile)));
        var size = SizeOf(inputs);

        // A newer SSH server on the host makes another image; its folder's name says the same of the root file system.
        var versions = await host.Transport.RunAsync(HostCommand.Script("dropbear -V 2>&1; mke2fs -V 2>&1; true"), cancellationToken);
        var name = ContentUser.Digest(string.Join('\n',
            ["tiny", ContentStore.NameOf(tiny.Root), size, versions.Output, TinyImageScript.Body, .. files.Select(file => $"{file.Path}\n{file.Content}")]));
        return new ContentBuild(
            inputs.Parent, name, user, TinyImageScript.Body, [tiny.Root, size, .. TinyGuest.Programs.SelectMany(row => (string[])[row.Program, row.Package])])
        {
            Stdin = GuestFile.Archive(files),
            AsRoot = asRoot,
        };
    }

    private static ContentBuild Debian(DiskImageInputs inputs, DiskImageSource.Debian debian, ContentUser user)
    {
        var files = DebianGuest.Files(debian.Packages).ToImmutableArray();
        var packages = string.Join(',', DebianGuest.Packages(debian.Suite, debian.Packages));
        ImmutableArray<string> parameters =
            [debian.Suite, SizeOf(inputs), debian.Mirror ?? "-", debian.Modules ?? "-", packages, string.Join(',', DebianGuest.Units(debian.Packages))];
        var name = ContentUser.Digest(string.Join('\n',
            ["debian", .. parameters.SetItem(3, ContentStore.NameOf(parameters[3])), DebianImageScript.Body, .. files.Select(file => $"{file.Path}\n{file.Content}")]));
        return new ContentBuild(inputs.Parent, name, user, DebianImageScript.Body, parameters) { Stdin = GuestFile.Archive(files), AsRoot = true };
    }

    private async Task<ContentBuild> DownloadAsync(
        DiskImageInputs inputs, DiskImageSource.Download download, ContentUser user, IStepProgress progress, CancellationToken cancellationToken)
    {
        var digest = download.Digest ?? await PublishedAsync(download, progress, cancellationToken);
        return new ContentBuild(
            inputs.Parent, NameOf(digest), user, ImportScript.Download,
            [digest.Algorithm, digest.Hex, download.Stall.ToString(CultureInfo.InvariantCulture)])
        {
            Stdin = Encoding.UTF8.GetBytes(download.Url + "\n"),
        };
    }

    private async Task<ImageDigest> PublishedAsync(DiskImageSource.Download download, IStepProgress progress, CancellationToken cancellationToken)
    {
        var url = download.DigestUrl ?? throw Refused("Nothing says what the image has to be.", "Give its digest.");
        progress.Report("fetching the list of digests");
        var command = HostCommand.Script(ImportScript.Text, download.Stall.ToString(CultureInfo.InvariantCulture)) with
        {
            Stdin = Encoding.UTF8.GetBytes(url + "\n"),
            Timeout = TimeSpan.FromMinutes(5),
        };
        var result = await host.Transport.RunAsync(command, cancellationToken);
        if (!result.Succeeded)
        {
            throw ContentFailure.Of(result, url);
        }

        var file = new Uri(download.Url).Segments[^1];
        return ChecksumFile.Find(result.Output, file) ?? throw Refused(
            $"The list of digests says nothing of {file}, or two things.", "Check digestUrl, or give the image's digest itself.");
    }

    private async Task<ContentBuild> LocalFileAsync(
        DiskImageInputs inputs, DiskImageSource.LocalFile file, ContentUser user, IStepProgress progress, CancellationToken cancellationToken)
    {
        progress.Report($"looking at {file.Path}");
        var asRoot = (await host.AccessAsync(cancellationToken)).CanBeRoot;
        var facts = await host.Transport.StatAsync(file.Path, asRoot, cancellationToken);
        if (facts is null or { Kind: FileKind.Directory or FileKind.Other })
        {
            throw Refused(
                facts is null ? $"There is no file {file.Path} on the host." : $"{file.Path} is not a file.", "Give the path that an image has on the host.");
        }

        // "<64 hex>  /srv/image.qcow2"; a name with odd characters has a backslash before it.
        var sum = await host.Transport.RunAsync(
            new HostCommand("sha256sum", "--", file.Path) { AsRoot = asRoot, Timeout = TimeSpan.FromMinutes(30) }, cancellationToken);
        var hex = sum.Output.TrimStart('\\').Split(' ')[0];
        return !sum.Succeeded || ImageDigest.Parse($"sha256:{hex}") is not { } digest
            ? throw Refused($"{file.Path} cannot be read: {sum.Complaint(2)}", null)
            : new ContentBuild(inputs.Parent, NameOf(digest), user, ImportScript.LocalFile, [file.Path, hex]) { AsRoot = asRoot };
    }

    /// <summary>A download and a local file of the same content are the same image.</summary>
    internal static string NameOf(ImageDigest digest) => ContentUser.Digest($"content {digest}");

    private static string SizeOf(DiskImageInputs inputs) => inputs.Size?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static ProviderException Refused(string message, string? remedy) => new(ProviderFailure.Refused, message, remedy, Remainder.Untouched.Value);
}
