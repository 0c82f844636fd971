namespace Provision.Engine.State;

/// <summary>Where a passphrase may come from.</summary>
/// <param name="Passphrase"><c>PULUMI_CONFIG_PASSPHRASE</c>; may be empty. Null: not set.</param>
/// <param name="PassphraseFile"><c>PULUMI_CONFIG_PASSPHRASE_FILE</c>. Null: not set.</param>
/// <param name="ConfigurationFolder">The user's folder for this tool, where a generated passphrase lies.</param>
public sealed record PassphraseEnvironment(string? Passphrase, string? PassphraseFile, string ConfigurationFolder)
{
    public const string PassphraseVariable = "PULUMI_CONFIG_PASSPHRASE";
    public const string FileVariable = "PULUMI_CONFIG_PASSPHRASE_FILE";

    /// <summary>Reads the environment through <paramref name="variable"/>; <paramref name="home"/> is the user's home folder.</summary>
    public static PassphraseEnvironment Read(Func<string, string?> variable, string home)
    {
        ArgumentNullException.ThrowIfNull(variable);
        // The XDG specification has relative paths ignored.
        var configuration = variable("XDG_CONFIG_HOME") is { Length: > 0 } folder && Path.IsPathRooted(folder) ? folder : Path.Combine(home, ".config");
        return new PassphraseEnvironment(variable(PassphraseVariable), variable(FileVariable) is { Length: > 0 } file ? file : null, Path.Combine(configuration, "provision"));
    }
}
