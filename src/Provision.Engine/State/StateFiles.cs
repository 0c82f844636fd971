using System.Runtime.InteropServices;

namespace Provision.Engine.State;

/// <summary>
/// The few file operations state is written with. A file is replaced whole or not at all: written beside its place, brought to disk, renamed, and
/// the folder brought to disk. Files are readable by their owner alone.
/// </summary>
internal sealed class StateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    // Of the C library: something has that name.
    private const int NameTaken = 17;

    private const int OutOfSpace = 28;
    private const int OutOfQuota = 122;

    /// <summary>Called before anything on disk changes, with what is about to. Tests stop the process there, so to speak, by throwing.</summary>
    public Action<string>? BeforeStep { get; init; }

    public static FileStreamOptions Creation(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return options;
    }

    /// <summary>The whole content, or null where there is no such file.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateReadException(StateDiagnostics.ReadFailed(path, e.Message), e);
        }
    }

    /// <summary>Files of a folder that may not exist, sorted.</summary>
    public static IReadOnlyList<string> List(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateReadException(StateDiagnostics.ReadFailed(folder, e.Message), e);
        }
    }

    public static IReadOnlyList<string> ListFolders(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateReadException(StateDiagnostics.ReadFailed(folder, e.Message), e);
        }
    }

    /// <summary>Runs a change of the disk, and says in our own words why it failed.</summary>
    public void Change(string step, string path, Action change)
    {
        BeforeStep?.Invoke($"{step} {Path.GetFileName(path)}");
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, e);
        }
    }

    public static StateWriteException Failure(string path, Exception e) => new(
        // Unix puts the error number there.
        e is IOException && (e.HResult & 0xFFFF) is OutOfSpace or OutOfQuota ? StateDiagnostics.DiskFull(path) : StateDiagnostics.WriteFailed(path, e.Message),
        e);

    public void EnsureFolder(string folder)
    {
        if (folder.Length == 0 || Directory.Exists(folder))
            return;

        // One by one: .NET gives the mode to the last alone.
        EnsureFolder(Path.GetDirectoryName(folder) ?? "");
        Change("make folder", folder, () =>
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerFolder);
        });
    }

    /// <summary>Where a file is written before it takes its place. Only a lock's holder writes, so the name need not be unique.</summary>
    public static string Beside(string path) => path + ".tmp";

    /// <summary>Replaces the file, or makes it.</summary>
    public void Write(string path, Action<Stream> write)
    {
        Stage(path, write);
        Promote(path);
    }

    public void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <summary>Writes the new content beside the file and brings it to disk.</summary>
    public void Stage(string path, Action<Stream> write)
    {
        EnsureFolder(Path.GetDirectoryName(path) ?? "");
        var beside = Beside(path);
        Change("write", beside, () =>
        {
            // A stale one may be anybody's and have any mode.
            File.Delete(beside);
            try
            {
                using var stream = new FileStream(beside, Creation(FileMode.CreateNew));
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                File.Delete(beside);
                throw;
            }
        });
    }

    /// <summary>Puts the staged content in the file's place.</summary>
    public void Promote(string path)
    {
        Change("put in place", path, () => File.Move(Beside(path), path, overwrite: true));
        FlushFolder(Path.GetDirectoryName(path) ?? "");
    }

    public void Copy(string from, string to) => Write(to, stream =>
    {
        using var source = File.OpenRead(from);
        source.CopyTo(stream);
    });

    public void Move(string from, string to)
    {
        EnsureFolder(Path.GetDirectoryName(to) ?? "");
        Change("move", to, () => File.Move(from, to, overwrite: true));
        FlushFolder(Path.GetDirectoryName(to) ?? "");
    }

    /// <summary>
    /// Gives a file a name that nothing has yet, whole from its first moment. Of several who do so at once one succeeds. Not by <see cref="File.Move(string, string, bool)"/>, which
    /// looks whether the name is free and then replaces whatever has got it meanwhile.
    /// </summary>
    /// <param name="from">The file, which is gone afterwards.</param>
    /// <param name="to">The name, in the same folder.</param>
    /// <returns>False where the name was taken.</returns>
    public bool PutNew(string from, string to)
    {
        var isTaken = false;
        Change("put in place", to, () =>
        {
            var linked = OperatingSystem.IsWindows() ? -1 : Link(from, to);
            isTaken = linked != 0 && (OperatingSystem.IsWindows() ? File.Exists(to) : Marshal.GetLastPInvokeError() == NameTaken);
            if (linked == 0 || isTaken)
            {
                File.Delete(from);
            }
            else
            {
                // Windows moves so in one step; a file system without links leaves nothing better.
                File.Move(from, to, overwrite: false);
            }
        });
        return !isTaken;
    }

    public void Delete(string path)
    {
        if (!File.Exists(path))
            return;

        Change("delete", path, () => File.Delete(path));
        FlushFolder(Path.GetDirectoryName(path) ?? "");
    }

    public void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
            Change("delete", folder, () => Directory.Delete(folder, recursive: true));
    }

    /// <summary>Brings a rename or removal to disk; .NET opens no folders, so the C library does. Where a file system refuses, there is nothing to do.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        const int readOnlyCloseOnExec = 0x80000;
        var descriptor = Open(folder, readOnlyCloseOnExec);
        if (descriptor < 0)
            return;

        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

#pragma warning disable SYSLIB1054, CA1838, CA5392 // Generated marshalling needs unsafe code in this assembly for four calls of the C library.
    [DllImport("libc", EntryPoint = "open", ExactSpelling = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "link", ExactSpelling = true, SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "fsync", ExactSpelling = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", ExactSpelling = true)]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054, CA1838, CA5392
}
