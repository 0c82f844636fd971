using System.Collections.Immutable;

namespace Provision.Providers.Hosts.Images;

/// <summary>Looks for disks that stand on an image, whoever made them: users' entries tell of resources only.</summary>
internal sealed class Overlays(HostSession host)
{
    // Only files that have the path in their first bytes are worth a closer look. 1 the folders' parent, 2 the image.
    private const string Candidates = """
        for pool in "$1"/pool-*; do [ -d "$pool" ] || exit 0; done
        find "$1"/pool-* -type f -size +0 -exec sh -c 'for file; do head -c 65536 -- "$file" | grep -q -a -F -e "$0" && printf "%s\n" "$file"; done; true' "$2" {} +
        """;

    /// <summary>Those below the pools beside the images' folder.</summary>
    public async Task<ImmutableArray<string>> FindAsync(string image, string beside, CancellationToken cancellationToken)
    {
        var asRoot = (await host.AccessAsync(cancellationToken)).CanBeRoot;
        var result = await host.Transport.RunAsync(
            HostCommand.Script(Candidates, beside, image) with { AsRoot = asRoot, Timeout = TimeSpan.FromMinutes(5) }, cancellationToken);
        var overlays = ImmutableArray.CreateBuilder<string>();
        foreach (var file in result.OutputLines)
        {
            var head = await host.Transport.ReadFileAsync(file, Qcow2Header.Length, asRoot, cancellationToken);
            if (head is not null && Qcow2Header.Parse(head) is { } header && header.IsOverlayOf(image))
            {
                overlays.Add(file);
            }
        }

        return overlays.ToImmutable();
    }
}
