namespace Provision.Model;

/// <summary>The files a stack definition may read; whoever loads the definition provides them and so knows what it read.</summary>
public interface IStackFiles
{
    /// <summary>The text of a file, by its path relative to the definition's folder.</summary>
    /// <exception cref="IOException">There is no such file, or it lies outside the workspace.</exception>
    string ReadText(string path);
}

/// <summary>Where <see cref="Text"/> and <see cref="Roster"/> read from while a stack is defined.</summary>
public static class StackFiles
{
    private static readonly AsyncLocal<IStackFiles?> Reader = new();

    /// <summary>Reads through <paramref name="files"/> until the result is disposed; only in this flow of control.</summary>
    public static IDisposable Use(IStackFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var scope = new Scope(Reader.Value);
        Reader.Value = files;
        return scope;
    }

    internal static string ReadText(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var reader = Reader.Value ?? throw new InvalidOperationException(
            $"'{path}' can only be read while provision loads the stack: read files in Define(), not in a static field or a test without StackFiles.Use(…).");
        return reader.ReadText(path);
    }

    private sealed class Scope(IStackFiles? before) : IDisposable
    {
        public void Dispose() => Reader.Value = before;
    }
}

/// <summary>Reads text files beside a stack definition.</summary>
public static class Text
{
    /// <summary>The text of a file, by its path relative to the definition's folder. A change of the file is a change of the stack.</summary>
    public static string File(string path) => StackFiles.ReadText(path);
}
