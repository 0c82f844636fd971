using System.Text.RegularExpressions;

namespace Provision.Providers.Hosts.Images;

/// <summary>Pure: reads what publishers put beside their images.</summary>
internal static partial class ChecksumFile
{
    /// <summary>The digest of one file; null where there is none of it, or two that differ.</summary>
    /// <remarks>
    /// <code>
    /// 3d94…a7  debian-12-genericcloud-amd64.qcow2        coreutils, also with a star before the name
    /// SHA256 (Rocky-9….qcow2) = 0694…57                  BSD, also within a signed message
    /// 1b87…1f                                            alone
    /// </code>
    /// </remarks>
    public static ImageDigest? Find(string text, string file)
    {
        var found = text.Split('\n').Select(line => line.Trim()).SelectMany(line => OfLine(line, file)).Distinct().ToList();
        return found is [var only] ? only : null;
    }

    private static IEnumerable<ImageDigest> OfLine(string line, string file)
    {
        foreach (var match in new[] { Plain().Match(line), Bsd().Match(line) })
        {
            if (match.Success && (!match.Groups["name"].Success || NameOf(match.Groups["name"].Value) == file))
            {
                var hex = match.Groups["hex"].Value.ToLowerInvariant();
                yield return new ImageDigest(hex.Length == 64 ? "sha256" : "sha512", hex);
            }
        }
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"\A(?<hex>[0-9a-fA-F]{64}|[0-9a-fA-F]{128})(\s+\*?(?<name>\S.*))?\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\ASHA(256|512) \((?<name>[^)]+)\) = (?<hex>[0-9a-fA-F]{64}|[0-9a-fA-F]{128})\z")]
    private static partial Regex Bsd();
}
