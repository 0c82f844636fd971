using Provision.Engine.State;

namespace Provision.Cli;

/// <summary>Where the passphrase comes from, in words.</summary>
internal static class PassphraseWords
{
    public static string Of(Func<string, string?> environment, PassphraseSource source) =>
        environment(PassphraseEnvironment.PassphraseVariable) is not null ? $"from the variable {PassphraseEnvironment.PassphraseVariable}"
        : environment(PassphraseEnvironment.FileVariable) is { Length: > 0 } file ? $"from the file {file} ({PassphraseEnvironment.FileVariable})"
        : File.Exists(source.GeneratedFilePath) ? $"generated, in {source.GeneratedFilePath}"
        : $"none yet; the first secret generates one into {source.GeneratedFilePath}";
}
