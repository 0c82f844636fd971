using System.Security.Cryptography;
using System.Text;

namespace Provision.Engine.State;

/// <summary>
/// Finds the passphrase: the variable, the file the other variable names, or one generated once into the user's configuration folder.
/// </summary>
public sealed class PassphraseSource(PassphraseEnvironment environment)
{
    private readonly StateFiles _files = new();

    /// <summary>Where the generated passphrase lies, or would.</summary>
    public string GeneratedFilePath => Path.Combine(environment.ConfigurationFolder, "passphrase");

    /// <summary>Derived keys of the generated passphrase, one file a salt. Worth no more than the passphrase beside them.</summary>
    internal string KeyFolder => Path.Combine(environment.ConfigurationFolder, "keys");

    /// <summary>The sources in their order, and what each holds, for errors. Never the passphrase.</summary>
    internal string Tried
    {
        get
        {
            if (environment.Passphrase is not null)
                return $"{PassphraseEnvironment.PassphraseVariable} (set{(environment.Passphrase.Length == 0 ? ", empty" : "")})";
            if (environment.PassphraseFile is { } file)
                return $"{PassphraseEnvironment.PassphraseVariable} (not set), {PassphraseEnvironment.FileVariable} ({file})";

            return $"{PassphraseEnvironment.PassphraseVariable} (not set), {PassphraseEnvironment.FileVariable} (not set), "
                + $"{GeneratedFilePath} ({(File.Exists(GeneratedFilePath) ? "generated" : "not there")})";
        }
    }

    /// <summary>The passphrase, or null where there is none.</summary>
    /// <exception cref="SecretsException">The file named by the variable cannot be read.</exception>
    internal FoundPassphrase? Find()
    {
        if (environment.Passphrase is { } passphrase)
            return new FoundPassphrase(passphrase, IsGenerated: false);
        if (environment.PassphraseFile is { } file)
            return new FoundPassphrase(ReadTrimmed(file), IsGenerated: false);

        return File.Exists(GeneratedFilePath) ? new FoundPassphrase(ReadTrimmed(GeneratedFilePath), IsGenerated: true) : null;
    }

    /// <summary>The passphrase, generated now where there was none. Of two processes at once, both get the one that was first.</summary>
    internal FoundPassphrase FindOrGenerate()
    {
        if (Find() is { } found)
            return found;

        _files.EnsureFolder(environment.ConfigurationFolder);
        var beside = $"{GeneratedFilePath}.{Path.GetRandomFileName()}";
        _files.Change("generate", beside, () =>
        {
            using var stream = new FileStream(beside, StateFiles.Creation(FileMode.CreateNew));
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n"));
            stream.Flush(flushToDisk: true);
        });
        _files.PutNew(beside, GeneratedFilePath);
        StateFiles.FlushFolder(environment.ConfigurationFolder);
        return new FoundPassphrase(ReadTrimmed(GeneratedFilePath), IsGenerated: true);
    }

    private static string ReadTrimmed(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretsException(StateDiagnostics.PassphraseUnreadable(path, e.Message), e);
        }
    }
}

/// <summary>A passphrase, and whether it is our own generated one.</summary>
internal sealed record FoundPassphrase(string Text, bool IsGenerated)
{
    public override string ToString() => "[secret]";
}
