using Provision.Engine;
using Provision.Engine.State;

namespace Provision.Benchmarks;

/// <summary>A folder with state in it, on a real disk, gone afterwards.</summary>
internal sealed class BenchWorkspace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-bench-");

    public string Folder => _folder.FullName;

    public static ISecretsSource Secrets { get; } =
        new PassphraseStackSecrets(new PassphraseSource(new PassphraseEnvironment("benchmark", null, Path.GetTempPath())), null);

    public Task<StackSession> OpenAsync(string operation) => StackSession.OpenAsync(
        FileBackend.Open(null, null, Folder, Folder),
        new StackName(BenchStack.Project, BenchStack.Stack),
        new SessionRequest { Operation = operation, Write = true, Create = true, ToolVersion = "v0.0.0" },
        Secrets, TimeProvider.System, Guid.NewGuid, CancellationToken.None);

    public static UpdateRecord Record(string kind) => new() { Kind = kind, StartTime = DateTimeOffset.UnixEpoch, EndTime = DateTimeOffset.UnixEpoch, Result = "succeeded" };

    public void Dispose() => _folder.Delete(recursive: true);
}
