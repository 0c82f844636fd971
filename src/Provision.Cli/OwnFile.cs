namespace Provision.Cli;

/// <summary>Writes files that may hold what is nobody else's business: readable by their owner alone.</summary>
internal static class OwnFile
{
    /// <exception cref="CliException">It could not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            // A new file in the old one's place: its mode is set before there is anything in it.
            var beside = $"{path}.{Path.GetRandomFileName()}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(beside, options))
            {
                stream.Write(content);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Error, CliDiagnostics.Unreadable(path, exception.Message));
        }
    }

    /// <exception cref="CliException">It could not be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Error, CliDiagnostics.Unreadable(path, exception.Message));
        }
    }
}
