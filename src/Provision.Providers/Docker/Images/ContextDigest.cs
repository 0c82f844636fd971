using System.Security.Cryptography;
using System.Text;

namespace Provision.Providers.Docker.Images;

/// <summary>
/// What a build context says, as one hash: the Dockerfile and every file that is not ignored, by path, content and executable bit.
/// Times, owners, this machine's paths and its architecture have no part in it, so that a checkout elsewhere rebuilds nothing.
/// </summary>
internal static class ContextDigest
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static string Of(BuildContext context)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(digest, "dockerfile", "", HashOf(context.Dockerfile));
        foreach (var entry in context.Entries())
        {
            switch (entry.Kind)
            {
                case ContextEntryKind.Link:
                    Add(digest, "link", entry.Path, entry.Target ?? "");
                    break;
                case ContextEntryKind.File:
                    Add(digest, IsExecutable(entry.FullPath) ? "program" : "file", entry.Path, HashOf(entry.FullPath));
                    break;
                default:
                    // A folder counts through what it holds: version control does not carry an empty one.
                    break;
            }
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Adds fields with a sign between them that no field can hold, so that different contexts cannot read alike.</summary>
    private static void Add(IncrementalHash digest, string kind, string path, string content) =>
        digest.AppendData(Encoding.UTF8.GetBytes($"{kind}\0{path}\0{content}\0"));

    private static string HashOf(string path)
    {
        // An empty file is not opened: a pipe or a device looks like one, and reading it could wait for ever.
        if (new FileInfo(path) is { LinkTarget: null, Length: 0 })
        {
            return Convert.ToHexStringLower(SHA256.HashData(ReadOnlySpan<byte>.Empty));
        }

        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static bool IsExecutable(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & AnyExecute) != 0;
}
