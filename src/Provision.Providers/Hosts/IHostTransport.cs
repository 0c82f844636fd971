namespace Provision.Providers.Hosts;

/// <summary>The one way to a host: this machine today, SSH later. Everything the host provider does goes through it.</summary>
public interface IHostTransport : IAsyncDisposable
{
    /// <summary><c>local</c>, or the address as it was declared.</summary>
    string Address { get; }

    /// <summary>Runs a program to its end. Cancelling asks it to end, and ends it after a few seconds.</summary>
    /// <exception cref="TimeoutException">The command's own limit was reached.</exception>
    Task<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken);

    /// <summary>What is at the path, links not followed; null where there is nothing.</summary>
    Task<FileFacts?> StatAsync(string path, bool asRoot, CancellationToken cancellationToken);

    /// <summary>The file's first bytes, at most <paramref name="limit"/>; null where there is none.</summary>
    Task<byte[]?> ReadFileAsync(string path, int limit, bool asRoot, CancellationToken cancellationToken);

    /// <summary>Writes a file whole or not at all, making the folders above it; the content is never on a command line.</summary>
    Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, bool asRoot, CancellationToken cancellationToken);

    /// <summary>Removes a file, or a folder with all in it; nothing there is success. Links are removed, not followed.</summary>
    Task DeleteAsync(string path, bool asRoot, CancellationToken cancellationToken);

    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens, or the user may not.</exception>
    Task<Stream> OpenUnixSocketAsync(string path, CancellationToken cancellationToken);

    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    Task<Stream> OpenTcpAsync(string host, int port, CancellationToken cancellationToken);
}

public enum FileKind
{
    File,
    Directory,
    Link,
    Other,
}

/// <summary>What is at a path.</summary>
public sealed record FileFacts(FileKind Kind, UnixFileMode Mode, long Length);
