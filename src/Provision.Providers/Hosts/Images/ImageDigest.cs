using System.Text.RegularExpressions;

namespace Provision.Providers.Hosts.Images;

/// <summary>What an image's content has to be.</summary>
/// <param name="Algorithm">sha256 or sha512.</param>
/// <param name="Hex">The digest, in small letters.</param>
internal sealed partial record ImageDigest(string Algorithm, string Hex)
{
    public const string Meant = "a digest such as sha256:9f86d08… (64 hexadecimal digits) or sha512:… (128)";

    public static ImageDigest? Parse(string? text) =>
        text is not null && Shape().IsMatch(text) && text.Split(':') is [var algorithm, var hex] ? new ImageDigest(algorithm, hex.ToLowerInvariant()) : null;

    public override string ToString() => $"{Algorithm}:{Hex}";

    [GeneratedRegex(@"\A(sha256:[0-9a-fA-F]{64}|sha512:[0-9a-fA-F]{128})\z")]
    public static partial Regex Shape();
}
