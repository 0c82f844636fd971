using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Provision.Providers.Hosts;

/// <summary>This machine.</summary>
public sealed class LocalTransport : IHostTransport
{
    public const string LocalAddress = "local";

    // What a command may say before the rest is dropped: an error needs its end, a list of packages a few kilobytes.
    private const int OutputLimit = 8 * 1024 * 1024;

    internal static readonly string SearchPath = string.Join(':', (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"])
        .Where(folder => folder.StartsWith('/'))
        .Distinct(StringComparer.Ordinal));

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // A proxy is the one thing a package manager must know of its caller's environment.
    private static readonly string[] PassedOn = ["HOME", "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

    private readonly TimeProvider _clock;
    private readonly bool _isRoot;
    private readonly string _searchPath;

    public LocalTransport(TimeProvider clock)
        : this(clock, Environment.IsPrivilegedProcess, SearchPath)
    {
    }

    /// <summary>For tests: as a user who is not root, with programs of the test's own before the others.</summary>
    internal LocalTransport(TimeProvider clock, bool isRoot, string searchPath) => (_clock, _isRoot, _searchPath) = (clock, isRoot, searchPath);

    public string Address => LocalAddress;

    public async Task<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartInfoOf(command) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new CommandResult(127, default, exception.Message);
        }

        using var limit = new CancellationTokenSource(command.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var output = new OutputBuffer(OutputLimit, command.OnLine);
        var error = new OutputBuffer(OutputLimit, command.OnLine);

        // Not the token: what runs is ended below, and these end with it.
        var drained = Task.WhenAll(
            output.DrainAsync(process.StandardOutput.BaseStream, CancellationToken.None),
            error.DrainAsync(process.StandardError.BaseStream, CancellationToken.None));
        try
        {
            await FeedAsync(process, command.Stdin, either.Token);
            await process.WaitForExitAsync(either.Token);
            await drained.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process, command.AsRoot);
            if (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture, $"{command.File} did not end within {command.Timeout.TotalSeconds:0.#} s."));
            }

            throw;
        }

        return new CommandResult(process.ExitCode, output.Bytes, error.Text);
    }

    public Task<FileFacts?> StatAsync(string path, bool asRoot, CancellationToken cancellationToken)
    {
        if (asRoot && !_isRoot)
        {
            return new CommandFiles(this, asRoot).StatAsync(path, cancellationToken);
        }

        var file = new FileInfo(path);
        var attributes = file.Attributes;
        if ((int)attributes == -1)
        {
            return Task.FromResult<FileFacts?>(null);
        }

        FileFacts facts =
            file.LinkTarget is not null ? new(FileKind.Link, default, 0)
            : attributes.HasFlag(FileAttributes.Directory) ? new(FileKind.Directory, file.UnixFileMode, 0)
            : attributes.HasFlag(FileAttributes.Device) ? new(FileKind.Other, file.UnixFileMode, 0)
            : new(FileKind.File, file.UnixFileMode, file.Length);
        return Task.FromResult<FileFacts?>(facts);
    }

    public async Task<byte[]?> ReadFileAsync(string path, int limit, bool asRoot, CancellationToken cancellationToken)
    {
        if (asRoot && !_isRoot)
        {
            return await new CommandFiles(this, asRoot).ReadAsync(path, limit, cancellationToken);
        }

        try
        {
            // Not by length: files of /proc say 0.
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            var buffer = new byte[16 * 1024];
            int read;
            while (content.Length < limit
                && (read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit - content.Length)), cancellationToken)) > 0)
            {
                content.Write(buffer, 0, read);
            }

            return content.ToArray();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public async Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, bool asRoot, CancellationToken cancellationToken)
    {
        if (asRoot && !_isRoot)
        {
            await new CommandFiles(this, asRoot).WriteAsync(path, content, mode, cancellationToken);
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Windows cannot be a host.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
        var fresh = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            await using (var file = new FileStream(fresh, options))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.SetUnixFileMode(fresh, mode);
            File.Move(fresh, path, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    public Task DeleteAsync(string path, bool asRoot, CancellationToken cancellationToken) =>
        new CommandFiles(this, asRoot).DeleteAsync(path, cancellationToken);

    public async Task<Stream> OpenUnixSocketAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<Stream> OpenTcpAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ProcessStartInfo StartInfoOf(HostCommand command)
    {
        // A session of its own: a person's Ctrl+C at the terminal says "finish what runs", so it must not reach apt.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (command.AsRoot && !_isRoot)
        {
            start.ArgumentList.Add("sudo");
            start.ArgumentList.Add("-n");
            if (!command.Environment.IsEmpty)
            {
                // Names only: a value on the command line could be read by everybody.
                start.ArgumentList.Add($"--preserve-env={string.Join(',', command.Environment.Keys)}");
            }

            start.ArgumentList.Add("--");
        }

        start.ArgumentList.Add(command.File);
        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var name in PassedOn)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        start.Environment["PATH"] = _searchPath;
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> stdin, CancellationToken cancellationToken)
    {
        try
        {
            var stream = process.StandardInput.BaseStream;
            await using (stream)
            {
                await stream.WriteAsync(stdin, cancellationToken);
            }
        }
        catch (IOException)
        {
            // It ended without reading all: its exit code says the rest.
        }
    }

    /// <summary>Asks the session to end, and kills what has not ended after a grace.</summary>
    private async Task EndAsync(Process process, bool asRoot)
    {
        await SignalAsync(process.Id, "TERM", asRoot);
        using var grace = new CancellationTokenSource(Grace, _clock);
        try
        {
            await process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            await SignalAsync(process.Id, "KILL", asRoot);
            process.Kill(entireProcessTree: true);
        }
    }

    private async Task SignalAsync(int group, string signal, bool asRoot)
    {
        var start = new ProcessStartInfo(asRoot && !_isRoot ? "sudo" : "kill") { RedirectStandardError = true };
        string[] arguments = asRoot && !_isRoot ? ["-n", "--", "kill"] : [];
        foreach (var argument in (string[])[.. arguments, $"-{signal}", "--", string.Create(CultureInfo.InvariantCulture, $"-{group}")])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var kill = Process.Start(start);
            if (kill is not null)
            {
                await kill.WaitForExitAsync(CancellationToken.None);
            }
        }
        catch (Win32Exception)
        {
            // No kill program: the hard way follows after the grace.
        }
    }
}
