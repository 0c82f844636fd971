using System.Net.Sockets;
using System.Text;
using Provision.Providers.Hosts;

namespace Provision.Tests.Providers.Hosts;

/// <summary>A host made of a script: what each command answers, and files in memory. A command nobody scripted fails the test.</summary>
internal sealed class FakeTransport : IHostTransport
{
    private readonly List<(string Pattern, Queue<Func<HostCommand, CommandResult>> Answers)> _script = [];
    private readonly HashSet<string> _folders = ["/"];

    public string Address => "fake";

    /// <summary>What <see cref="HostAccess.ReadAsync"/> is told.</summary>
    public string Facts { get; set; } = "uid=0\nrights=root\npackages=apt\ninit=systemd\n";

    /// <summary>Commands that <c>command -v</c> finds.</summary>
    public Dictionary<string, string> Programs { get; } = [];

    public Dictionary<string, (byte[] Content, UnixFileMode Mode)> Files { get; } = [];

    public Dictionary<string, Func<Stream>> Sockets { get; } = [];

    /// <summary>Everything that was run, but for looks at facts and programs.</summary>
    public List<HostCommand> Commands { get; } = [];

    public IEnumerable<string> Lines => Commands.Select(Line);

    public static string Line(HostCommand command) => string.Join(' ', command.Arguments.Prepend(command.File));

    /// <summary>Answers a command line, a star standing for any text. Of several answers to one pattern the last stays.</summary>
    public FakeTransport On(string pattern, string output = "", int exit = 0, string error = "") =>
        On(pattern, _ => new CommandResult(exit, Encoding.UTF8.GetBytes(output), error));

    public FakeTransport On(string pattern, Func<HostCommand, CommandResult> answer)
    {
        if (_script.Find(entry => entry.Pattern == pattern).Answers is { } answers)
        {
            answers.Enqueue(answer);
        }
        else
        {
            _script.Add((pattern, new Queue<Func<HostCommand, CommandResult>>([answer])));
        }

        return this;
    }

    public Task<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var line = Line(command);
        if (line.StartsWith("sh -c u=$(id -u)", StringComparison.Ordinal))
        {
            return Answer(0, Facts);
        }

        if (line.StartsWith("sh -c command -v", StringComparison.Ordinal))
        {
            return Programs.TryGetValue(command.Arguments[^1], out var program) ? Answer(0, program + "\n") : Answer(127, "");
        }

        Commands.Add(command);
        foreach (var (pattern, answers) in Enumerable.Reverse(_script))
        {
            if (System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, line, ignoreCase: false))
            {
                var result = (answers.Count > 1 ? answers.Dequeue() : answers.Peek())(command);
                foreach (var said in result.OutputLines)
                {
                    command.OnLine?.Invoke(said);
                }

                return Task.FromResult(result);
            }
        }

        throw new InvalidOperationException($"No answer is scripted for: {line}");
    }

    public Task<FileFacts?> StatAsync(string path, bool asRoot, CancellationToken cancellationToken) => Task.FromResult(
        Files.TryGetValue(path, out var file) ? new FileFacts(FileKind.File, file.Mode, file.Content.Length)
        : _folders.Contains(path) ? new FileFacts(FileKind.Directory, (UnixFileMode)0b111_101_101, 0)
        : null);

    public Task<byte[]?> ReadFileAsync(string path, int limit, bool asRoot, CancellationToken cancellationToken) =>
        Task.FromResult(Files.TryGetValue(path, out var file) ? file.Content.Take(limit).ToArray() : null);

    public Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, bool asRoot, CancellationToken cancellationToken)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
        {
            _folders.Add(path[..at]);
        }

        Files[path] = (content.ToArray(), mode);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string path, bool asRoot, CancellationToken cancellationToken)
    {
        foreach (var below in Files.Keys.Where(key => key == path || key.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
        {
            Files.Remove(below);
        }

        _folders.RemoveWhere(folder => folder == path || folder.StartsWith(path + "/", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    public Task<Stream> OpenUnixSocketAsync(string path, CancellationToken cancellationToken) => Sockets.TryGetValue(path, out var open)
        ? Task.FromResult(open())
        : throw new SocketException((int)SocketError.AddressNotAvailable);

    public Task<Stream> OpenTcpAsync(string host, int port, CancellationToken cancellationToken) =>
        throw new SocketException((int)SocketError.ConnectionRefused);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task<CommandResult> Answer(int exit, string output) => Task.FromResult(new CommandResult(exit, Encoding.UTF8.GetBytes(output), ""));
}
