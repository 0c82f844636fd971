using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Provision.Cli.Projects;
using Provision.Engine.Diagnostics;
using Provision.Model;

namespace Provision.Cli.Loading;

/// <summary>A file that a definition asked for is not to be had.</summary>
internal sealed class StackFileException(Diagnostic diagnostic) : IOException(diagnostic.ToString())
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}

/// <summary>The files of the workspace, as one definition sees them: it reads no others, the same file always has the same content, and all are recorded.</summary>
internal sealed class WorkspaceFiles(ProjectFile project) : IStackFiles
{
    private const int MaximumBytes = 16 << 20;

    private readonly Dictionary<string, FileRead> _read = [];
    private readonly Lock _lock = new();

    public ImmutableSortedDictionary<string, string> FilesRead
    {
        get
        {
            lock (_lock)
            {
                var hashes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
                foreach (var (name, file) in _read)
                {
                    hashes.Add(name, file.Hash);
                }

                return hashes.ToImmutable();
            }
        }
    }

    public string ReadText(string path)
    {
        if (Path.IsPathRooted(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw Refuse(path, "is not relative to the definition's folder");
        }

        var full = Path.GetFullPath(path, project.StacksFolder);
        if (!IsInside(full, project.Folder))
        {
            throw Refuse(path, "leads out of the workspace");
        }

        var name = project.Relative(full);
        lock (_lock)
        {
            if (!_read.TryGetValue(name, out var file))
            {
                file = Read(path, full);
                _read.Add(name, file);
            }

            return file.Text;
        }
    }

    private FileRead Read(string path, string full)
    {
        try
        {
            if (!IsInside(RealPath(full), RealPath(project.Folder)))
            {
                throw Refuse(path, "is, or lies behind, a link that leads out of the workspace");
            }

            if (Directory.Exists(full))
            {
                throw Refuse(path, "is a folder");
            }

            using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaximumBytes)
            {
                throw Refuse(path, $"has {stream.Length} bytes; a definition may read files of up to {MaximumBytes}");
            }

            using var content = new MemoryStream();
            stream.CopyTo(content);
            var bytes = content.ToArray();
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            return new FileRead(text, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(path, "is no UTF-8 text");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(path, $"is not there: it would be {project.Relative(full)}");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException and not StackFileException)
        {
            throw Refuse(path, $"cannot be read: {exception.Message}");
        }
    }

    // Each part of the path with its links followed.
    private static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path) ?? "/";
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            real = entry.LinkTarget is null ? next : RealPath(entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next);
        }

        return real;
    }

    private static bool IsInside(string path, string folder) =>
        path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static StackFileException Refuse(string path, string why) => new(LoadingDiagnostics.FileRefused(path, why));

    private sealed record FileRead(string Text, string Hash);
}
