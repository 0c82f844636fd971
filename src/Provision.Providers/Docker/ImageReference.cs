using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Provision.Providers.Docker;

/// <summary>
/// A name of an image in full, so that two spellings of one image compare equal: <c>nginx</c> is <c>docker.io/library/nginx:latest</c>.
/// </summary>
/// <param name="Registry">Host, with the port where one is given; in lower case.</param>
/// <param name="Path">The repository within the registry.</param>
/// <param name="Tag">Null only where a digest says which image is meant.</param>
/// <param name="Digest">Algorithm and hex digits; null where the tag alone decides.</param>
internal sealed partial record ImageReference(string Registry, string Path, string? Tag, string? Digest)
{
    /// <summary>The registry of names that name none.</summary>
    public const string DockerHub = "docker.io";

    private const string OfficialPrefix = "library/";
    private const string DefaultTag = "latest";
    private const int LongestName = 255;

    /// <summary>Registry and path, without tag and digest.</summary>
    public string Repository => $"{Registry}/{Path}";

    /// <summary>The short spelling that the engine shows and lists: without Docker Hub's host and its <c>library/</c>.</summary>
    public string Familiar => Suffixed(FamiliarRepository);

    public string FamiliarRepository =>
        Registry != DockerHub || NamesRegistry(Path) ? Repository
        : Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && Path.IndexOf('/', OfficialPrefix.Length) < 0 ? Path[OfficialPrefix.Length..]
        : Path;

    public override string ToString() => Suffixed(Repository);

    /// <exception cref="FormatException">The text is no image name; the message says why.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var reason) ? reference : throw new FormatException(reason);

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        reference = null;
        reason = Read(text, ref reference);
        return reference is not null;
    }

    /// <summary>Whether the text names its registry itself, as a name to push to has to.</summary>
    public static bool NamesRegistry(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IsRegistry(text.AsSpan(0, slash));
    }

    /// <summary>Whether the text is the engine's own id of an image rather than a name.</summary>
    public static bool IsImageId(string text) => ImageIdPattern().IsMatch(text);

    private static string? Read(string text, ref ImageReference? reference)
    {
        if (text.Length == 0)
        {
            return "An image name is empty.";
        }

        if (IsImageId(text) || BareHexPattern().IsMatch(text))
        {
            return $"'{text}' is the id of an image, not a name.";
        }

        var match = WholePattern().Match(text);
        if (!match.Success)
        {
            return $"'{text}' is not an image name (registry/path:tag@digest): {Complaint(text)}";
        }

        var name = match.Groups["name"].Value;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var named = slash > 0 && IsRegistry(name.AsSpan(0, slash));
        var registry = named ? CanonicalRegistry(name[..slash]) : DockerHub;
        var path = named ? name[(slash + 1)..] : name;
        if (named && !RegistryPattern().IsMatch(name[..slash]))
        {
            return $"'{text}' is not an image name: '{name[..slash]}' is no host name with an optional port.";
        }

        if (!PathPattern().IsMatch(path))
        {
            return $"'{text}' is not an image name: {Complaint(path)}";
        }

        if (registry == DockerHub && !path.Contains('/', StringComparison.Ordinal))
        {
            path = OfficialPrefix + path;
        }

        if (registry.Length + 1 + path.Length > LongestName)
        {
            return $"'{text}' is not an image name: it is longer than {LongestName} characters.";
        }

        var digest = match.Groups["digest"] is { Success: true } d ? d.Value : null;
        var tag = match.Groups["tag"] is { Success: true } t ? t.Value : digest is null ? DefaultTag : null;
        reference = new ImageReference(registry, path, tag, digest);
        return null;
    }

    /// <summary>The one spelling of a registry's host that everything compares.</summary>
    private static string CanonicalRegistry(string host)
    {
        var lower = host.ToLowerInvariant();
        return lower is "index.docker.io" or "registry-1.docker.io" ? DockerHub : lower;
    }

    /// <summary>A first part is a host where it cannot be a folder of Docker Hub: it has a dot or a colon, or is localhost.</summary>
    private static bool IsRegistry(ReadOnlySpan<char> first) => first.ContainsAny('.', ':') || first.SequenceEqual("localhost");

    private static string Complaint(string name) =>
        name.Any(char.IsAsciiLetterUpper)
            ? "the path has capital letters; use small ones."
            : "use small letters and digits, with single dots, one or two underscores, or dashes between them.";

    private string Suffixed(string repository) =>
        $"{repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    [GeneratedRegex(@"\A(?<name>[^@]+?)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholePattern();

    [GeneratedRegex(@"\A(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*)(:[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegistryPattern();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ImageIdPattern();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex BareHexPattern();
}
