using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Provision.Cli.Loading;

/// <summary>
/// Compiled definitions by the hash of everything they were made from, in the user's cache folder. An entry is magic, the SHA-256 of the rest,
/// the assembly's length, the assembly, the symbols; one that is not whole is as good as none. Nothing here fails: without a cache one compiles.
/// </summary>
internal sealed class CompilationCache(string folder)
{
    private const int HeaderLength = 8 + 32 + 4;
    private const int EntriesKept = 64;

    private static readonly ConcurrentDictionary<string, Lock> Making = new(StringComparer.Ordinal);

    private static ReadOnlySpan<byte> Magic => "PROVSTK1"u8;

    /// <summary>The user's own, after the XDG base directory specification; null for an account without a home.</summary>
    public static string? DefaultFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            cache = string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".cache");
        }

        return cache is null ? null : Path.Combine(cache, "provision", "stacks");
    }

    public string PathOf(string key) => Path.Combine(folder, key + ".stacks");

    /// <summary>The entry, made and stored where there is none. Who asks for one that is being made waits for it: two revisions often differ in settings alone.</summary>
    /// <param name="key">Of all that it is made from.</param>
    /// <param name="compile">Makes it.</param>
    /// <returns>It, and whether it was there.</returns>
    public (CompiledStacks Compiled, bool WasThere) FindOrMake(string key, Func<CompiledStacks> compile)
    {
        lock (Making.GetOrAdd(PathOf(key), _ => new Lock()))
        {
            if (Find(key) is { } found)
            {
                return (found, true);
            }

            var made = compile();
            Store(key, made);
            return (made, false);
        }
    }

    private CompiledStacks? Find(string key)
    {
        try
        {
            // Code is run from here: a folder that others may write to is not trusted.
            if (!IsOwnFolder() || File.ReadAllBytes(PathOf(key)) is not { Length: > HeaderLength } entry)
            {
                return null;
            }

            var content = entry.AsSpan(40);
            var length = BinaryPrimitives.ReadInt32LittleEndian(content);
            return entry.AsSpan(0, 8).SequenceEqual(Magic)
                && entry.AsSpan(8, 32).SequenceEqual(SHA256.HashData(content))
                && length > 0 && length <= content.Length - 4
                    ? new CompiledStacks(content.Slice(4, length).ToArray(), content[(4 + length)..].ToArray())
                    : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Stores an entry. Of two processes that do so at once the later wins, and both wrote the same.</summary>
    private void Store(string key, CompiledStacks compiled)
    {
        try
        {
            MakeFolder();
            if (!IsOwnFolder())
            {
                return;
            }

            var entry = new byte[HeaderLength + compiled.Assembly.Length + compiled.Symbols.Length];
            Magic.CopyTo(entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(40), compiled.Assembly.Length);
            compiled.Assembly.CopyTo(entry, HeaderLength);
            compiled.Symbols.CopyTo(entry, HeaderLength + compiled.Assembly.Length);
            SHA256.HashData(entry.AsSpan(40), entry.AsSpan(8, 32));
            var temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, entry);
            File.Move(temporary, PathOf(key), overwrite: true);
            foreach (var old in new DirectoryInfo(folder).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(EntriesKept))
            {
                old.Delete();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No room or no right to write: the next load compiles again.
        }
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private bool IsOwnFolder() =>
        OperatingSystem.IsWindows() || (Directory.Exists(folder) && (File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0);
}
