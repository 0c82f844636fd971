namespace Provision.Providers.Docker.Images;

/// <summary>A folder that only we can read, and that is gone after use.</summary>
internal sealed class PrivateFolder : IDisposable
{
    /// <summary>The runtime makes temporary folders with mode 0700.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("provision-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(PathOf(name), options);
        writer.Write(content);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
