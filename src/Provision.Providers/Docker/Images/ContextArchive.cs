using System.Formats.Tar;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;

namespace Provision.Providers.Docker.Images;

/// <summary>A build context as the tar stream that the engine takes. Of any context, only a buffer's worth is ever in memory.</summary>
internal sealed class ContextArchive
{
    private const UnixFileMode PlainFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly BuildContext _context;
    private readonly byte[]? _foreignDockerfile;

    public ContextArchive(BuildContext context)
    {
        _context = context;
        _foreignDockerfile = context.DockerfileInside is null ? File.ReadAllBytes(context.Dockerfile) : null;
        DockerfileName = context.DockerfileInside ?? ForeignName(_foreignDockerfile);
    }

    /// <summary>What the engine is to take for the Dockerfile. One from outside gets a name that no file of the context has.</summary>
    public string DockerfileName { get; }

    /// <summary>Lets the consumer read the tar stream while it is written.</summary>
    public async Task<T> SendAsync<T>(Func<Stream, CancellationToken, Task<T>> consume, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var written = WriteAsync(pipe.Writer, stop.Token);
        try
        {
            return await consume(pipe.Reader.AsStream(), stop.Token);
        }
        catch (Exception) when (written is { IsCompleted: true, Result: { } cause } && !cancellationToken.IsCancellationRequested)
        {
            // What the engine says of a broken stream is only the consequence.
            throw new IOException($"The build context '{_context.Folder}' cannot be sent: {cause.Message}", cause);
        }
        finally
        {
            // An engine that refused the build has stopped reading: so the writer stops too.
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await written;
        }
    }

    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(output, TarEntryFormat.Gnu, leaveOpen: true);
        var ignoreFileSent = false;
        foreach (var entry in _context.Entries())
        {
            ignoreFileSent |= entry.Path == DockerIgnore.FileName;
            if (entry.Path == DockerIgnore.FileName && _foreignDockerfile is not null)
            {
                await WriteIgnoreFileAsync(tar, await File.ReadAllTextAsync(entry.FullPath, cancellationToken), cancellationToken);
            }
            else
            {
                await WriteAsync(tar, entry, cancellationToken);
            }
        }

        await WriteSteeringFilesAsync(tar, ignoreFileSent, cancellationToken);
    }

    /// <summary>The Dockerfile and the ignore file go along even where they are ignored: the engine reads them, and then hides them itself.</summary>
    private async Task WriteSteeringFilesAsync(TarWriter tar, bool ignoreFileSent, CancellationToken cancellationToken)
    {
        if (_context.DockerfileInside is { } inside && _context.Ignores(inside))
        {
            await WriteFileAsync(tar, inside, _context.Dockerfile, cancellationToken);
        }

        var ignoreFile = Path.Combine(_context.Folder, DockerIgnore.FileName);
        if (_foreignDockerfile is { } content)
        {
            if (!ignoreFileSent)
            {
                var patterns = File.Exists(ignoreFile) ? await File.ReadAllTextAsync(ignoreFile, cancellationToken) : DockerIgnore.FileName;
                await WriteIgnoreFileAsync(tar, patterns, cancellationToken);
            }

            await WriteTextAsync(tar, DockerfileName, content, cancellationToken);
        }
        else if (!ignoreFileSent && File.Exists(ignoreFile))
        {
            await WriteFileAsync(tar, DockerIgnore.FileName, ignoreFile, cancellationToken);
        }
    }

    private Task WriteIgnoreFileAsync(TarWriter tar, string patterns, CancellationToken cancellationToken) =>
        WriteTextAsync(tar, DockerIgnore.FileName, Encoding.UTF8.GetBytes($"{patterns}\n{DockerfileName}\n"), cancellationToken);

    private static async Task WriteTextAsync(TarWriter tar, string path, byte[] content, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream(content);
        var entry = new GnuTarEntry(TarEntryType.RegularFile, path) { DataStream = data, Mode = PlainFile, ModificationTime = DateTimeOffset.UnixEpoch };
        await tar.WriteEntryAsync(entry, cancellationToken);
    }

    private static Task WriteAsync(TarWriter tar, ContextEntry entry, CancellationToken cancellationToken) => entry.Kind switch
    {
        ContextEntryKind.File => WriteFileAsync(tar, entry.Path, entry.FullPath, cancellationToken),
        ContextEntryKind.Folder => tar.WriteEntryAsync(Described(new GnuTarEntry(TarEntryType.Directory, entry.Path + "/"), new DirectoryInfo(entry.FullPath)), cancellationToken),
        _ => tar.WriteEntryAsync(
            new GnuTarEntry(TarEntryType.SymbolicLink, entry.Path) { LinkName = entry.Target ?? "", ModificationTime = new FileInfo(entry.FullPath).LastWriteTimeUtc },
            cancellationToken),
    };

    private static async Task WriteFileAsync(TarWriter tar, string path, string fullPath, CancellationToken cancellationToken)
    {
        var file = new FileInfo(fullPath);
        var length = file.Length;
        var entry = Described(new GnuTarEntry(TarEntryType.RegularFile, path), file);
        if (length == 0)
        {
            // Not opened: a pipe or a device looks like an empty file, and reading it could wait for ever.
            await tar.WriteEntryAsync(entry, cancellationToken);
            return;
        }

        await using var content = new FixedLengthStream(File.OpenRead(fullPath), path);
        entry.DataStream = content;
        await tar.WriteEntryAsync(entry, cancellationToken);
    }

    /// <summary>Owner and group stay root's, whoever builds; times are kept, for tools in the image look at them.</summary>
    private static GnuTarEntry Described(GnuTarEntry entry, FileSystemInfo file)
    {
        entry.ModificationTime = new DateTimeOffset(file.LastWriteTimeUtc.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        if (!OperatingSystem.IsWindows())
        {
            entry.Mode = file.UnixFileMode;
        }

        return entry;
    }

    /// <summary>Returns what went wrong, if anything did.</summary>
    private async Task<Exception?> WriteAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(writer.AsStream(leaveOpen: true), cancellationToken);
            await writer.CompleteAsync();
            return null;
        }
        catch (Exception broken)
        {
            // The consumer sees it where it reads; a truncated context never looks like a whole one.
            await writer.CompleteAsync(broken);
            return broken;
        }
    }

    private static string ForeignName(byte[]? content) => $".dockerfile.{Convert.ToHexStringLower(SHA256.HashData(content ?? []))[..20]}";
}
