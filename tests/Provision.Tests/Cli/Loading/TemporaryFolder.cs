namespace Provision.Tests.Cli.Loading;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("provision-test-").FullName;

    public string At(string relative) => System.IO.Path.Combine(Path, relative);

    public TemporaryFolder With(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(relative)) ?? Path);
        File.WriteAllText(At(relative), text);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
