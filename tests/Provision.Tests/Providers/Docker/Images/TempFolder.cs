namespace Provision.Tests.Providers.Docker.Images;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("provision-test-").FullName;

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public TempFolder File(string relative, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[relative]) ?? Path);
        System.IO.File.WriteAllText(this[relative], content);
        return this;
    }

    public TempFolder Link(string relative, string target)
    {
        System.IO.File.CreateSymbolicLink(this[relative], target);
        return this;
    }

    public TempFolder Mode(string relative, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(this[relative], mode);
        }

        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
